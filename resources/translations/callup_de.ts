<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About CallUp</source>
        <translation>Über CallUp</translation>
    </message>
    <message>
        <source>CallUp Desktop {version}</source>
        <translation>CallUp Desktop {version}</translation>
    </message>
    <message>
        <source>It is made with the work of others, under these licences:</source>
        <translation>Darin steckt die Arbeit anderer, unter diesen Lizenzen:</translation>
    </message>
    <message>
        <source>Search licences</source>
        <translation>Lizenzen durchsuchen</translation>
    </message>
    <message>
        <source>Libraries and their licences</source>
        <translation>Bibliotheken und ihre Lizenzen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>AppliedPreferences</name>
    <message>
        <source>This setting could not be kept: {reason}.</source>
        <translation>Diese Einstellung konnte nicht gespeichert werden: {reason}.</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Copy for IT</source>
        <translation>Für die IT kopieren</translation>
    </message>
    <message>
        <source>Send anyway</source>
        <translation>Trotzdem senden</translation>
    </message>
    <message>
        <source>Open sign-in page</source>
        <translation>Anmeldeseite öffnen</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Open Connection</source>
        <translation>Verbindung öffnen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>CallActions</name>
    <message numerus="yes">
        <source>%n call ID(s) copied.</source>
        <translation>
            <numerusform>%n Anruf-ID kopiert.</numerusform>
            <numerusform>%n Anruf-IDs kopiert.</numerusform>
        </translation>
    </message>
    <message>
        <source>No program on this computer plays {name}.</source>
        <translation>Kein Programm auf diesem Computer spielt {name} ab.</translation>
    </message>
    <message>
        <source>the system&apos;s player</source>
        <translation>Abspielprogramm des Systems</translation>
    </message>
    <message>
        <source>{name} is opened in {player}.</source>
        <translation>{name} wird geöffnet: {player}.</translation>
    </message>
    <message>
        <source>Everything is paused. What you send now goes once you resume.</source>
        <translation>Alles ist angehalten. Was Sie jetzt senden, geht los, sobald Sie fortsetzen.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message numerus="yes">
        <source>Take %n call(s) off this list?</source>
        <translation>
            <numerusform>%n Anruf aus dieser Liste nehmen?</numerusform>
            <numerusform>%n Anrufe aus dieser Liste nehmen?</numerusform>
        </translation>
    </message>
    <message>
        <source>The calls stay sent; only this list forgets them.</source>
        <translation>Gesendet bleibt gesendet; nur diese Liste vergisst sie.</translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation>{name} entfernen?</translation>
    </message>
    <message numerus="yes">
        <source>Remove %n calls?</source>
        <translation>
            <numerusform>%n Anruf entfernen?</numerusform>
            <numerusform>%n Anrufe entfernen?</numerusform>
        </translation>
    </message>
    <message>
        <source>What was already sent is deleted from storage. The files on your computer stay.</source>
        <translation>Was schon gesendet wurde, wird aus dem Speicher gelöscht. Die Dateien auf Ihrem Computer bleiben.</translation>
    </message>
    <message>
        <source>Nothing was sent yet. The files on your computer stay.</source>
        <translation>Es wurde noch nichts gesendet. Die Dateien auf Ihrem Computer bleiben.</translation>
    </message>
    <message>
        <source>Where is {name} now?</source>
        <translation>Wo ist {name} jetzt?</translation>
    </message>
    <message>
        <source>Recordings that are still being checked are sent right after.</source>
        <translation>Aufnahmen, die noch geprüft werden, werden gleich danach gesendet.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
</context>
<context>
    <name>CallLists</name>
    <message>
        <source>Search calls</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Nothing in progress. Drop recordings above to begin.</source>
        <translation>Nichts in Arbeit. Ziehen Sie oben Aufnahmen hinein, um zu beginnen.</translation>
    </message>
    <message>
        <source>Nothing needs you.</source>
        <translation>Nichts braucht Sie.</translation>
    </message>
    <message>
        <source>No call has been sent yet.</source>
        <translation>Es wurde noch kein Anruf gesendet.</translation>
    </message>
    <message>
        <source>No call matches this search.</source>
        <translation>Kein Anruf passt zu dieser Suche.</translation>
    </message>
</context>
<context>
    <name>CallTypePicker</name>
    <message>
        <source>Call type {kind}</source>
        <translation>Art des Anrufs {kind}</translation>
    </message>
</context>
<context>
    <name>CheckPanel</name>
    <message>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
</context>
<context>
    <name>CheckWriter</name>
    <message>
        <source>Needs this first: {step}</source>
        <translation>Braucht zuerst: {step}</translation>
    </message>
    <message>
        <source>Not working: {steps}</source>
        <translation>Funktioniert nicht: {steps}</translation>
    </message>
    <message>
        <source>Everything is reachable</source>
        <translation>Alles ist erreichbar</translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>Your company&apos;s server</source>
        <translation>Server Ihrer Firma</translation>
    </message>
    <message>
        <source>Keychain</source>
        <translation>Schlüsselbund</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Uhr</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netzwerk</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Call records</source>
        <translation>Anrufliste</translation>
    </message>
    <message>
        <source>Transcription queue</source>
        <translation>Warteschlange für Transkripte</translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation>Angemeldet</translation>
    </message>
    <message>
        <source>Knows this computer, answers in {milliseconds} ms</source>
        <translation>Kennt diesen Computer, antwortet in {milliseconds} ms</translation>
    </message>
    <message>
        <source>The keys can be read</source>
        <translation>Die Schlüssel sind lesbar</translation>
    </message>
    <message>
        <source>Agrees with the storage&apos;s clock</source>
        <translation>Stimmt mit der Uhr des Speichers überein</translation>
    </message>
    <message>
        <source>The way to storage is trusted by this computer</source>
        <translation>Dieser Computer vertraut dem Weg zum Speicher</translation>
    </message>
    <message>
        <source>Can start, upload and abort a multipart upload</source>
        <translation>Kann einen mehrteiligen Upload beginnen, senden und abbrechen</translation>
    </message>
    <message>
        <source>Connected in {milliseconds} ms, can insert</source>
        <translation>Verbunden in {milliseconds} ms, kann einfügen</translation>
    </message>
    <message>
        <source>Connected in {milliseconds} ms</source>
        <translation>Verbunden in {milliseconds} ms</translation>
    </message>
    <message>
        <source>No network. Connect, then check again.</source>
        <translation>Kein Netzwerk. Verbinden Sie sich und prüfen Sie erneut.</translation>
    </message>
    <message>
        <source>No answer. Check the network, then check again.</source>
        <translation>Keine Antwort. Sehen Sie nach dem Netzwerk und prüfen Sie erneut.</translation>
    </message>
    <message>
        <source>The call list does not answer, or this network blocks it.</source>
        <translation>Die Anrufliste antwortet nicht, oder dieses Netzwerk sperrt sie.</translation>
    </message>
    <message>
        <source>The call list answers that it is busy. Check again in a minute.</source>
        <translation>Die Anrufliste antwortet, dass sie ausgelastet ist. Prüfen Sie in einer Minute noch einmal.</translation>
    </message>
    <message>
        <source>The queue does not answer, or this network blocks it.</source>
        <translation>Die Warteschlange antwortet nicht, oder dieses Netzwerk sperrt sie.</translation>
    </message>
    <message>
        <source>The call list refuses us.</source>
        <translation>Die Anrufliste weist uns ab.</translation>
    </message>
    <message>
        <source>The call list refuses the shape of our calls.</source>
        <translation>Die Anrufliste lehnt die Form unserer Anrufe ab.</translation>
    </message>
    <message>
        <source>The queue refuses us.</source>
        <translation>Die Warteschlange weist uns ab.</translation>
    </message>
    <message>
        <source>The queue refuses our messages.</source>
        <translation>Die Warteschlange lehnt unsere Nachrichten ab.</translation>
    </message>
    <message>
        <source>Storage refuses us.</source>
        <translation>Der Speicher weist uns ab.</translation>
    </message>
    <message>
        <source>There are no keys for storage on this computer yet.</source>
        <translation>Auf diesem Computer gibt es noch keine Schlüssel für den Speicher.</translation>
    </message>
    <message>
        <source>There is no password for the call list on this computer yet.</source>
        <translation>Auf diesem Computer gibt es noch kein Passwort für die Anrufliste.</translation>
    </message>
    <message>
        <source>There is no token for your company&apos;s server on this computer yet.</source>
        <translation>Auf diesem Computer gibt es noch kein Token für den Server Ihrer Firma.</translation>
    </message>
    <message>
        <source>Your company&apos;s server doesn&apos;t accept the token of this computer.</source>
        <translation>Der Server Ihrer Firma nimmt das Token dieses Computers nicht an.</translation>
    </message>
    <message>
        <source>What answers at this address is not your company&apos;s server.</source>
        <translation>Was unter dieser Adresse antwortet, ist nicht der Server Ihrer Firma.</translation>
    </message>
    <message>
        <source>The secret key doesn&apos;t belong to the access key: one of them is mistyped.</source>
        <translation>Der geheime Schlüssel gehört nicht zum Zugriffsschlüssel: Einer von beiden ist falsch eingegeben.</translation>
    </message>
    <message>
        <source>The call list doesn&apos;t accept the password.</source>
        <translation>Die Anrufliste nimmt das Passwort nicht an.</translation>
    </message>
    <message>
        <source>Your admin needs to allow it.</source>
        <translation>Ihre Administration muss es erlauben.</translation>
    </message>
</context>
<context>
    <name>ClosePolicy</name>
    <message>
        <source>1 recording is still being sent.</source>
        <translation>1 Aufnahme wird noch gesendet.</translation>
    </message>
    <message numerus="yes">
        <source>%n recordings are still being sent.</source>
        <translation>
            <numerusform>%n Aufnahme wird noch gesendet.</numerusform>
            <numerusform>%n Aufnahmen werden noch gesendet.</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep sending in the background, or quit and continue next time?</source>
        <translation>Im Hintergrund weitersenden oder beenden und beim nächsten Mal fortfahren?</translation>
    </message>
    <message>
        <source>Quit CallUp?</source>
        <translation>CallUp beenden?</translation>
    </message>
    <message>
        <source>Keep sending</source>
        <translation>Weiter senden</translation>
    </message>
    <message>
        <source>Quit, continue next time</source>
        <translation>Beenden, nächstes Mal weiter</translation>
    </message>
    <message>
        <source>CallUp stays in the task bar.</source>
        <translation>CallUp bleibt in der Taskleiste.</translation>
    </message>
    <message>
        <source>Closing the window minimises it, and uploads go on. To end CallUp, choose Quit.</source>
        <translation>Beim Schließen wird das Fenster minimiert, und das Senden geht weiter. Um CallUp zu beenden, wählen Sie „Beenden“.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Minimise</source>
        <translation>Minimieren</translation>
    </message>
    <message>
        <source>1 recording is not sent yet. It stays on the list.</source>
        <translation>1 Aufnahme ist noch nicht gesendet. Sie bleibt auf der Liste.</translation>
    </message>
    <message numerus="yes">
        <source>%n recordings are not sent yet. They stay on the list.</source>
        <translation>
            <numerusform>%n Aufnahme ist noch nicht gesendet. Sie bleibt auf der Liste.</numerusform>
            <numerusform>%n Aufnahmen sind noch nicht gesendet. Sie bleiben auf der Liste.</numerusform>
        </translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Bleiben</translation>
    </message>
    <message>
        <source>Uploads go on in the background. Click this icon to come back; choose Quit to end.</source>
        <translation>Uploads laufen im Hintergrund weiter. Ein Klick auf dieses Symbol bringt das Fenster zurück; „Beenden“ beendet CallUp.</translation>
    </message>
    <message>
        <source>CallUp is still here</source>
        <translation>CallUp ist noch da</translation>
    </message>
</context>
<context>
    <name>ConnectionPage</name>
    <message>
        <source>Import a .callup file…</source>
        <translation>.callup-Datei importieren…</translation>
    </message>
    <message>
        <source>Back to calls</source>
        <translation>Zurück zu den Anrufen</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>Link kopieren</translation>
    </message>
    <message>
        <source>For another browser, if the page does not open by itself</source>
        <translation>Für einen anderen Browser, falls die Seite nicht von selbst aufgeht</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Abmelden</translation>
    </message>
    <message>
        <source>Remove keys from this computer…</source>
        <translation>Schlüssel von diesem Computer entfernen…</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>CallUp is not connected yet. Your IT department gives you a file that ends in .callup: import it here, or drop it on this window.</source>
        <translation>CallUp ist noch nicht verbunden. Von Ihrer IT-Abteilung bekommen Sie eine Datei, die auf .callup endet: Importieren Sie sie hier, oder ziehen Sie sie auf dieses Fenster.</translation>
    </message>
    <message>
        <source>The connection is set by your company: there is no other here.</source>
        <translation>Die Verbindung hat Ihre Firma festgelegt: Eine andere gibt es hier nicht.</translation>
    </message>
    <message>
        <source>Import a .callup file</source>
        <translation>.callup-Datei importieren</translation>
    </message>
    <message>
        <source>CallUp profiles (*.callup *.toml)</source>
        <translation>CallUp-Profile (*.callup *.toml)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Remove the keys from this computer?</source>
        <translation>Die Schlüssel von diesem Computer entfernen?</translation>
    </message>
    <message>
        <source>Calls that are not sent stay here, and go on once keys are typed again.</source>
        <translation>Anrufe, die noch nicht gesendet sind, bleiben hier und gehen weiter, sobald wieder Schlüssel eingegeben sind.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Kept in this computer&apos;s keychain.</source>
        <translation>Im Schlüsselbund dieses Computers abgelegt.</translation>
    </message>
    <message>
        <source>We aren&apos;t allowed to store your sign-in on this computer. You can continue until you close the app.</source>
        <translation>Wir dürfen Ihre Anmeldung auf diesem Computer nicht speichern. Sie können weiterarbeiten, bis Sie die App schließen.</translation>
    </message>
    <message>
        <source>The keys were removed from this computer.</source>
        <translation>Die Schlüssel wurden von diesem Computer entfernt.</translation>
    </message>
</context>
<context>
    <name>DetailPane</name>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>DetailsOffers</name>
    <message>
        <source>Suggested from the file name:</source>
        <translation>Vorschlag aus dem Dateinamen:</translation>
    </message>
    <message>
        <source>fill each from its name…</source>
        <translation>jeden aus seinem Namen ausfüllen…</translation>
    </message>
    <message>
        <source>Several companies:</source>
        <translation>Mehrere Firmen:</translation>
    </message>
    <message>
        <source>Same as last time:</source>
        <translation>Wie beim letzten Mal:</translation>
    </message>
</context>
<context>
    <name>DetailsWriter</name>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Audio file uploaded successfully. Processing will begin shortly.</source>
        <translation>Die Aufnahme wurde erfolgreich hochgeladen. Die Verarbeitung beginnt in Kürze.</translation>
    </message>
    <message>
        <source>Choose a call to see where it stands.</source>
        <translation>Wählen Sie einen Anruf, um zu sehen, wie weit er ist.</translation>
    </message>
    <message>
        <source>Nothing selected</source>
        <translation>Nichts ausgewählt</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) selected</source>
        <translation>
            <numerusform>%n Anruf ausgewählt</numerusform>
            <numerusform>%n Anrufe ausgewählt</numerusform>
        </translation>
    </message>
    <message>
        <source>Not all of them are read from the list yet. Select fewer to do something with them.</source>
        <translation>Noch nicht alle davon sind aus der Liste gelesen. Wählen Sie weniger aus, um etwas damit zu tun.</translation>
    </message>
    <message>
        <source>The new details are on their way to the call list.</source>
        <translation>Die neuen Angaben sind auf dem Weg zur Anrufliste.</translation>
    </message>
    <message>
        <source>Something went wrong after the call had arrived. Keep the file, and ask IT.</source>
        <translation>Nach der Ankunft des Anrufs ist etwas schiefgegangen. Behalten Sie die Datei und fragen Sie die IT.</translation>
    </message>
    <message>
        <source>The call list no longer has this call. Keep the file, and ask IT.</source>
        <translation>Die Anrufliste enthält diesen Anruf nicht mehr. Behalten Sie die Datei und fragen Sie die IT.</translation>
    </message>
    <message>
        <source>The call has arrived. It is safe to close this window and to delete the file.</source>
        <translation>Der Anruf ist angekommen. Sie können dieses Fenster schließen und die Datei löschen.</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Check the recording</source>
        <translation>Aufnahme prüfen</translation>
    </message>
    <message>
        <source>Upload</source>
        <translation>Hochladen</translation>
    </message>
    <message>
        <source>Uploaded, contents verified</source>
        <translation>Hochgeladen, Inhalt bestätigt</translation>
    </message>
    <message>
        <source>Uploaded, size verified</source>
        <translation>Hochgeladen, Größe bestätigt</translation>
    </message>
    <message>
        <source>Call registered</source>
        <translation>Anruf eingetragen</translation>
    </message>
    <message>
        <source>Register call</source>
        <translation>Anruf eintragen</translation>
    </message>
    <message>
        <source>Queued for transcription</source>
        <translation>Zur Transkription eingereiht</translation>
    </message>
    <message>
        <source>Queue for transcription</source>
        <translation>Zur Transkription einreihen</translation>
    </message>
    <message numerus="yes">
        <source>Uploading: {stored} of %n part(s) stored</source>
        <translation>
            <numerusform>Lädt hoch: {stored} von %n Teil gespeichert</numerusform>
            <numerusform>Lädt hoch: {stored} von %n Teilen gespeichert</numerusform>
        </translation>
    </message>
    <message>
        <source>Uploading in one piece</source>
        <translation>Wird am Stück hochgeladen</translation>
    </message>
    <message>
        <source>Upload in one piece</source>
        <translation>Am Stück hochladen</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Company</source>
        <translation>Firma</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Kontakt</translation>
    </message>
    <message>
        <source>Call type</source>
        <translation>Art des Anrufs</translation>
    </message>
    <message>
        <source>Call ID</source>
        <translation>Anruf-ID</translation>
    </message>
    <message>
        <source>Stored at</source>
        <translation>Gespeichert unter</translation>
    </message>
    <message>
        <source>Checksum</source>
        <translation>Prüfsumme</translation>
    </message>
    <message>
        <source>Message ID</source>
        <translation>Nachrichten-ID</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Next try</source>
        <translation>Nächster Versuch</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>when the network is back</source>
        <translation>wenn das Netzwerk wieder da ist</translation>
    </message>
    <message>
        <source>when the trouble is solved</source>
        <translation>wenn das Problem gelöst ist</translation>
    </message>
    <message>
        <source>in a moment</source>
        <translation>gleich</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Save report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>CallUp report.txt</source>
        <translation>CallUp-Bericht.txt</translation>
    </message>
    <message>
        <source>Texts (*.txt)</source>
        <translation>Texte (*.txt)</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Drop call recordings here, or choose files</source>
        <translation>Anrufaufnahmen hierher ziehen oder Dateien auswählen</translation>
    </message>
    <message>
        <source>&amp;Choose files…</source>
        <translation>&amp;Dateien auswählen…</translation>
    </message>
    <message>
        <source>Drop call recordings here</source>
        <translation>Aufnahmen hierher ziehen</translation>
    </message>
    <message>
        <source>Uploads carry on in the background and pick up where they stopped, even after a restart.</source>
        <translation>Uploads laufen im Hintergrund weiter und machen dort weiter, wo sie aufgehört haben, auch nach einem Neustart.</translation>
    </message>
    <message>
        <source>MP3, WAV, M4A or FLAC, up to 1 GB each</source>
        <translation>MP3, WAV, M4A oder FLAC, je bis 1 GB</translation>
    </message>
</context>
<context>
    <name>EachDialog</name>
    <message>
        <source>Fill each from its name</source>
        <translation>Jeden aus seinem Namen ausfüllen</translation>
    </message>
    <message numerus="yes">
        <source>Fill in %n call(s)</source>
        <translation>
            <numerusform>%n Anruf ausfüllen</numerusform>
            <numerusform>%n Anrufe ausfüllen</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message numerus="yes">
        <source>Found %n company name(s) in the names of the files.</source>
        <translation>
            <numerusform>In den Dateinamen steht %n Firmenname.</numerusform>
            <numerusform>In den Dateinamen stehen %n Firmennamen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Nothing changes for %n call(s).</source>
        <translation>
            <numerusform>Bei %n Anruf ändert sich nichts.</numerusform>
            <numerusform>Bei %n Anrufen ändert sich nichts.</numerusform>
        </translation>
    </message>
    <message>
        <source>What you entered yourself stays.</source>
        <translation>Was Sie selbst eingetragen haben, bleibt.</translation>
    </message>
    <message>
        <source>stays as it is</source>
        <translation>bleibt, wie er ist</translation>
    </message>
</context>
<context>
    <name>FirstStart</name>
    <message>
        <source>CallUp Desktop</source>
        <translation>CallUp Desktop</translation>
    </message>
    <message>
        <source>Import the .callup file from your IT department first. Then recordings can be added.</source>
        <translation>Importieren Sie zuerst die .callup-Datei Ihrer IT-Abteilung. Danach können Aufnahmen hinzugefügt werden.</translation>
    </message>
</context>
<context>
    <name>FolderWatch</name>
    <message>
        <source>The watched folder {folder} can&apos;t be read. It is looked at again when it is back.</source>
        <translation>Der beobachtete Ordner {folder} ist nicht lesbar. Sobald er wieder da ist, wird er weiter beobachtet.</translation>
    </message>
</context>
<context>
    <name>FormPane</name>
    <message>
        <source>Call details</source>
        <translation>Angaben zum Anruf</translation>
    </message>
    <message>
        <source>Send anyway</source>
        <translation>Trotzdem senden</translation>
    </message>
    <message>
        <source>Company</source>
        <translation>Firma</translation>
    </message>
    <message>
        <source>Contact email</source>
        <translation>E-Mail des Kontakts</translation>
    </message>
    <message>
        <source>Call type</source>
        <translation>Art des Anrufs</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Edit details</source>
        <translation>Angaben ändern</translation>
    </message>
    <message>
        <source>several values</source>
        <translation>mehrere Werte</translation>
    </message>
    <message>
        <source>Upload call</source>
        <translation>Anruf hochladen</translation>
    </message>
    <message>
        <source>2 recordings selected. What you enter applies to both.</source>
        <translation>2 Aufnahmen ausgewählt. Ihre Eingaben gelten für beide.</translation>
    </message>
    <message numerus="yes">
        <source>Upload %n calls</source>
        <translation>
            <numerusform>%n Anruf hochladen</numerusform>
            <numerusform>%n Anrufe hochladen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recordings selected. What you enter applies to all.</source>
        <translation>
            <numerusform>%n Aufnahme ausgewählt. Ihre Eingaben gelten für alle.</numerusform>
            <numerusform>%n Aufnahmen ausgewählt. Ihre Eingaben gelten für alle.</numerusform>
        </translation>
    </message>
    <message>
        <source>Save details</source>
        <translation>Angaben speichern</translation>
    </message>
    <message>
        <source>{name}: {question}</source>
        <translation>{name}: {question}</translation>
    </message>
    <message numerus="yes">
        <source>%n more recording(s) with a question</source>
        <translation>
            <numerusform>%n weitere Aufnahme mit einer Frage</numerusform>
            <numerusform>%n weitere Aufnahmen mit einer Frage</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
</context>
<context>
    <name>ImportPreviewWriter</name>
    <message>
        <source>File: {file}</source>
        <translation>Datei: {file}</translation>
    </message>
    <message>
        <source>Name: {name}</source>
        <translation>Name: {name}</translation>
    </message>
    <message>
        <source>Calls go to the same servers as now.</source>
        <translation>Anrufe gehen zu denselben Servern wie jetzt.</translation>
    </message>
    <message>
        <source>Give the keys stored for {name} to the new servers</source>
        <translation>Die für {name} gespeicherten Schlüssel auch den neuen Servern geben</translation>
    </message>
    <message>
        <source>Send the waiting calls to the new servers</source>
        <translation>Die wartenden Anrufe an die neuen Server senden</translation>
    </message>
    <message>
        <source>Import this profile?</source>
        <translation>Dieses Profil importieren?</translation>
    </message>
    <message>
        <source>Nothing was changed. Add --yes to import it.</source>
        <translation>Es wurde nichts geändert. Mit --yes wird es importiert.</translation>
    </message>
    <message>
        <source>No imported profile is called {id}.</source>
        <translation>Kein importiertes Profil heißt {id}.</translation>
    </message>
    <message>
        <source>Until now: {title}: {place}</source>
        <translation>Bisher: {title}: {place}</translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>Your company&apos;s server</source>
        <translation>Server Ihrer Firma</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>Aufnahmen</translation>
    </message>
    <message>
        <source>Call records</source>
        <translation>Anrufliste</translation>
    </message>
    <message>
        <source>Transcription queue</source>
        <translation>Warteschlange für Transkripte</translation>
    </message>
    <message>
        <source>{title}: {place} (until now {was})</source>
        <translation>{title}: {place} (bisher {was})</translation>
    </message>
    <message>
        <source>Give the keys stored for {name} and the secret in {variable} to the new servers</source>
        <translation>Die für {name} gespeicherten Schlüssel und das Geheimnis in {variable} an die neuen Server geben</translation>
    </message>
    <message>
        <source>{variable} of this computer holds a token for your company&apos;s server; it gets that only if you agree.</source>
        <translation>{variable} dieses Computers enthält ein Token für den Server Ihrer Firma; er bekommt es nur, wenn Sie zustimmen.</translation>
    </message>
    <message>
        <source>{variable} of this computer holds a password for call records; it gets that only if you agree.</source>
        <translation>{variable} enthält auf diesem Computer ein Passwort für die Anrufliste; es bekommt dieses nur, wenn Sie zustimmen.</translation>
    </message>
    <message>
        <source>It signs in with the AWS keys of this computer (AWS profile: {profile}), and runs the program that gives them if there is one.</source>
        <translation>Es meldet sich mit den AWS-Schlüsseln dieses Computers an (AWS-Profil: {profile}) und startet das Programm, das sie liefert, falls es eines gibt.</translation>
    </message>
    <message>
        <source>the default one</source>
        <translation>das voreingestellte</translation>
    </message>
    <message>
        <source>It reads a sign-in token of this computer for the call records ({what}).</source>
        <translation>Es liest ein Anmeldetoken dieses Computers für die Anrufliste ({what}).</translation>
    </message>
    <message>
        <source>It reads certificate files of this computer for the call records: {files}</source>
        <translation>Es liest Zertifikatsdateien dieses Computers für die Anrufliste: {files}</translation>
    </message>
    <message>
        <source>It says itself who may vouch for its servers, where this computer would not trust them:</source>
        <translation>Es sagt selbst, wer für seine Server bürgen darf, wo dieser Computer ihnen nicht vertrauen würde:</translation>
    </message>
    <message>
        <source>Give it the secret in {variable}</source>
        <translation>Ihm das Geheimnis in {variable} geben</translation>
    </message>
    <message>
        <source>{name} will be trusted (SHA-256 {fingerprint})</source>
        <translation>{name} wird vertraut (SHA-256 {fingerprint})</translation>
    </message>
    <message>
        <source>Recordings go through the proxy {place}</source>
        <translation>Aufnahmen gehen über den Proxy {place}</translation>
    </message>
    <message>
        <source>Newer versions are told of by {place}</source>
        <translation>Über neuere Versionen informiert {place}</translation>
    </message>
    <message>
        <source>Transcripts are opened at {place}</source>
        <translation>Transkripte werden geöffnet unter {place}</translation>
    </message>
    <message>
        <source>Calls that wait stay here until the profile they were made for is active again.</source>
        <translation>Wartende Anrufe bleiben hier, bis das Profil wieder aktiv ist, für das sie angelegt wurden.</translation>
    </message>
    <message>
        <source>1 call waits; it stays here until the profile it was made for is active again.</source>
        <translation>1 Anruf wartet; er bleibt hier, bis das Profil wieder aktiv ist, für das er angelegt wurde.</translation>
    </message>
    <message numerus="yes">
        <source>%n calls wait; they stay here until the profile they were made for is active again.</source>
        <translation>
            <numerusform>%n Anruf wartet; er bleibt hier, bis das Profil wieder aktiv ist, für das er angelegt wurde.</numerusform>
            <numerusform>%n Anrufe warten; sie bleiben hier, bis das Profil wieder aktiv ist, für das sie angelegt wurden.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message>
        <source>There is nothing to paste. Copy recordings first.</source>
        <translation>Es gibt nichts einzufügen. Kopieren Sie zuerst Aufnahmen.</translation>
    </message>
    <message>
        <source>Nothing arrived. Save an attachment to your computer first; drag files here again.</source>
        <translation>Es ist nichts angekommen. Speichern Sie einen Anhang zuerst auf Ihrem Computer; ziehen Sie Dateien noch einmal hierher.</translation>
    </message>
    <message>
        <source>Save this attachment to your computer first, then drop it here.</source>
        <translation>Speichern Sie diesen Anhang zuerst auf Ihrem Computer und ziehen Sie ihn dann hierher.</translation>
    </message>
    <message>
        <source>There is no MP3, WAV, M4A or FLAC recording in this folder, and no MP4 or MOV video.</source>
        <translation>In diesem Ordner ist keine Aufnahme in MP3, WAV, M4A oder FLAC und kein Video in MP4 oder MOV.</translation>
    </message>
    <message>
        <source>There is no MP3, WAV, M4A or FLAC recording in this folder.</source>
        <translation>In diesem Ordner ist keine MP3-, WAV-, M4A- oder FLAC-Aufnahme.</translation>
    </message>
    <message numerus="yes">
        <source>Added %n recording(s) from this folder.</source>
        <translation>
            <numerusform>%n Aufnahme aus diesem Ordner hinzugefügt.</numerusform>
            <numerusform>%n Aufnahmen aus diesem Ordner hinzugefügt.</numerusform>
        </translation>
    </message>
    <message>
        <source>1 other file was left out</source>
        <translation>1 andere Datei wurde ausgelassen</translation>
    </message>
    <message numerus="yes">
        <source>%n other files were left out</source>
        <translation>
            <numerusform>%n andere Datei wurde ausgelassen</numerusform>
            <numerusform>%n andere Dateien wurden ausgelassen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Added %n recording(s) from this folder; {left_out}.</source>
        <translation>
            <numerusform>%n Aufnahme aus diesem Ordner hinzugefügt; {left_out}.</numerusform>
            <numerusform>%n Aufnahmen aus diesem Ordner hinzugefügt; {left_out}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose recordings</source>
        <translation>Aufnahmen auswählen</translation>
    </message>
    <message>
        <source>Recordings (*.mp3 *.wav *.m4a *.flac *.mp4 *.mov)</source>
        <translation>Aufnahmen (*.mp3 *.wav *.m4a *.flac *.mp4 *.mov)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>KindWriter</name>
    <message>
        <source>{coding} inside a file of another kind</source>
        <translation>{coding} in einer Datei anderer Art</translation>
    </message>
    <message>
        <source>This is a video. Zoom saved its sound beside it: please add {name}.</source>
        <translation>Das ist ein Video. Zoom hat den Ton daneben gespeichert: Bitte fügen Sie {name} hinzu.</translation>
    </message>
    <message>
        <source>The sound of this video is in {coding}, which we can&apos;t take. Export the sound as MP3 or M4A; set the recorder to AAC for the next ones.</source>
        <translation>Der Ton dieses Videos ist in {coding}, das können wir nicht annehmen. Exportieren Sie den Ton als MP3 oder M4A; stellen Sie den Rekorder für die nächsten auf AAC.</translation>
    </message>
    <message>
        <source>This video has no sound. Check that the recorder hears the call.</source>
        <translation>Dieses Video hat keinen Ton. Prüfen Sie, ob der Rekorder das Gespräch hört.</translation>
    </message>
    <message>
        <source>A kind we can&apos;t take</source>
        <translation>Art wird nicht angenommen</translation>
    </message>
    <message>
        <source>it is an {kind}</source>
        <translation>es ist: {kind}</translation>
    </message>
    <message>
        <source>it is a {kind}</source>
        <translation>es ist: {kind}</translation>
    </message>
    <message>
        <source>This recording is in {coding}, a telephone format that we can&apos;t take. Ask the people who run your telephone system to record as MP3, or as WAV in PCM.</source>
        <translation>Diese Aufnahme ist in {coding}, einem Telefonformat, das wir nicht annehmen können. Bitten Sie die Betreuer Ihrer Telefonanlage, als MP3 oder als WAV in PCM aufzunehmen.</translation>
    </message>
    <message>
        <source>This is a dictation in {coding}. Open it in the program of your dictation device and export it as MP3 or WAV, then add that file.</source>
        <translation>Das ist ein Diktat in {coding}. Öffnen Sie es im Programm Ihres Diktiergeräts, exportieren Sie es als MP3 oder WAV und fügen Sie diese Datei hinzu.</translation>
    </message>
    <message>
        <source>This recording is in {coding}, as WhatsApp and Plaud save sound, which we can&apos;t take. Export or convert it as MP3, then add that file.</source>
        <translation>Diese Aufnahme ist in {coding}, wie WhatsApp und Plaud Ton speichern; das können wir nicht annehmen. Exportieren Sie sie als MP3 oder wandeln Sie sie um, und fügen Sie diese Datei hinzu.</translation>
    </message>
    <message>
        <source>This recording is in {coding}, as some phones save sound, which we can&apos;t take. Convert it to MP3 and add that file; set the phone&apos;s recorder to M4A for the next ones.</source>
        <translation>Diese Aufnahme ist in {coding}, wie manche Telefone Ton speichern; das können wir nicht annehmen. Wandeln Sie sie in MP3 um und fügen Sie diese Datei hinzu; stellen Sie den Rekorder des Telefons für die nächsten auf M4A.</translation>
    </message>
    <message>
        <source>This recording is in {coding}, which we can&apos;t take. Save it as MP3 in your recorder&apos;s program and add that file; set the recorder to MP3 for the next ones.</source>
        <translation>Diese Aufnahme ist in {coding}, das können wir nicht annehmen. Speichern Sie sie im Programm Ihres Rekorders als MP3 und fügen Sie diese Datei hinzu; stellen Sie den Rekorder für die nächsten auf MP3.</translation>
    </message>
    <message>
        <source>This recording is in {coding}, which we can&apos;t take. Open it in QuickTime Player, choose File, Export As, Audio Only, then add the M4A.</source>
        <translation>Diese Aufnahme ist in {coding}, das können wir nicht annehmen. Öffnen Sie sie im QuickTime Player, wählen Sie Ablage, Exportieren als, Nur Audio, und fügen Sie die M4A hinzu.</translation>
    </message>
    <message>
        <source>This recording is in {coding}, which we can&apos;t take. Export it as MP3, WAV, M4A or FLAC, then add that file.</source>
        <translation>Diese Aufnahme ist in {coding}, das können wir nicht annehmen. Exportieren Sie sie als MP3, WAV, M4A oder FLAC und fügen Sie diese Datei hinzu.</translation>
    </message>
    <message>
        <source>This is an {kind} file. Please add an MP3, WAV, M4A or FLAC recording.</source>
        <translation>Das ist eine {kind}-Datei. Bitte fügen Sie eine MP3-, WAV-, M4A- oder FLAC-Aufnahme hinzu.</translation>
    </message>
    <message>
        <source>This is a {kind} file. Please add an MP3, WAV, M4A or FLAC recording.</source>
        <translation>Das ist eine {kind}-Datei. Bitte fügen Sie eine MP3-, WAV-, M4A- oder FLAC-Aufnahme hinzu.</translation>
    </message>
    <message>
        <source>This recording is in {coding}, as OBS and browsers save it. In OBS choose File, Remux Recordings, then add the MP4; from elsewhere, export it as MP3 or M4A.</source>
        <translation>Diese Aufnahme ist in {coding}, wie OBS und Browser sie speichern. Wählen Sie in OBS Datei, Aufnahmen remuxen, und fügen Sie die MP4 hinzu; von anderswo exportieren Sie sie als MP3 oder M4A.</translation>
    </message>
</context>
<context>
    <name>ListenLine</name>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
</context>
<context>
    <name>MainMenu</name>
    <message>
        <source>Choose files…</source>
        <translation>Dateien auswählen…</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Undo removing</source>
        <translation>Entfernen rückgängig machen</translation>
    </message>
    <message>
        <source>Search calls</source>
        <translation>Anrufe suchen</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>In progress</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>Braucht Sie</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Refresh statuses</source>
        <translation>Status aktualisieren</translation>
    </message>
    <message>
        <source>Connection…</source>
        <translation>Verbindung…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <source>Export sent calls…</source>
        <translation>Gesendete Anrufe exportieren…</translation>
    </message>
    <message>
        <source>Copy for IT…</source>
        <translation>Für die IT kopieren…</translation>
    </message>
    <message>
        <source>About CallUp</source>
        <translation>Über CallUp</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Anrufe</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>CallUp Desktop</source>
        <translation>CallUp Desktop</translation>
    </message>
    <message>
        <source>{percent}% · {title}</source>
        <translation>{percent} % · {title}</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>The recorder never finished this file. Open Zoom to convert it, then add it again.</source>
        <translation>Der Rekorder hat diese Datei nie fertig geschrieben. Öffnen Sie Zoom, um sie umzuwandeln, und fügen Sie sie neu hinzu.</translation>
    </message>
    <message>
        <source>This computer isn&apos;t letting us read {folder}. Allow it in Settings, then try again.</source>
        <translation>Dieser Computer lässt uns {folder} nicht lesen. Erlauben Sie es in den Einstellungen und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The drive {drive} is disconnected. We&apos;ll go on when it is back.</source>
        <translation>Das Laufwerk {drive} ist getrennt. Wir machen weiter, wenn es wieder da ist.</translation>
    </message>
    <message>
        <source>We can&apos;t find {name} any more. Show us where it is, or remove it.</source>
        <translation>Wir finden {name} nicht mehr. Zeigen Sie uns, wo die Datei ist, oder entfernen Sie sie.</translation>
    </message>
    <message>
        <source>Your company&apos;s network is checking this connection with a certificate we don&apos;t trust ({issuer}). Please send this to IT.</source>
        <translation>Das Netzwerk Ihrer Firma prüft diese Verbindung mit einem Zertifikat, dem wir nicht trauen ({issuer}). Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Your computer&apos;s clock is {time} off. Please turn on automatic time.</source>
        <translation>Die Uhr Ihres Computers geht um {time} falsch. Bitte schalten Sie die automatische Zeit ein.</translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n min</numerusform>
            <numerusform>%n min</numerusform>
        </translation>
    </message>
    <message>
        <source>This recording is a little over {limit}, which is the limit. Export it as MP3 or M4A and add it again.</source>
        <translation>Diese Aufnahme ist etwas größer als {limit}, und das ist die Grenze. Exportieren Sie sie als MP3 oder M4A und fügen Sie sie neu hinzu.</translation>
    </message>
    <message>
        <source>This recording is {size}; the limit is {limit}. Export it as MP3 or M4A and add it again.</source>
        <translation>Diese Aufnahme hat {size}; die Grenze ist {limit}. Exportieren Sie sie als MP3 oder M4A und fügen Sie sie neu hinzu.</translation>
    </message>
    <message>
        <source>Something went wrong that we did not expect. Your recording is kept; please send this to IT.</source>
        <translation>Etwas ging schief, womit wir nicht gerechnet haben. Ihre Aufnahme ist sicher; bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>This isn&apos;t a recording we can take. Please add an MP3, WAV, M4A or FLAC recording.</source>
        <translation>Diese Aufnahme können wir nicht nehmen. Bitte fügen Sie eine MP3-, WAV-, M4A- oder FLAC-Aufnahme hinzu.</translation>
    </message>
    <message>
        <source>This recording is larger than the limit of 1 GB. Export it as MP3 or M4A and add it again.</source>
        <translation>Diese Aufnahme ist größer als die Grenze von 1 GB. Exportieren Sie sie als MP3 oder M4A und fügen Sie sie neu hinzu.</translation>
    </message>
    <message>
        <source>This file is empty. Check that the recording finished saving.</source>
        <translation>Diese Datei ist leer. Prüfen Sie, ob die Aufnahme fertig gespeichert wurde.</translation>
    </message>
    <message>
        <source>This recording can&apos;t be read. Try playing it; if it plays, export it again.</source>
        <translation>Diese Aufnahme ist nicht lesbar. Spielen Sie sie ab; wenn das geht, exportieren Sie sie neu.</translation>
    </message>
    <message>
        <source>This file is protected and can&apos;t be uploaded.</source>
        <translation>Diese Datei ist geschützt und kann nicht hochgeladen werden.</translation>
    </message>
    <message>
        <source>This is a web page, not a recording. The download probably needed you to sign in.</source>
        <translation>Das ist eine Webseite und keine Aufnahme. Wahrscheinlich war für den Download eine Anmeldung nötig.</translation>
    </message>
    <message>
        <source>We can&apos;t find this file any more. Add it again from where it is now.</source>
        <translation>Wir finden diese Datei nicht mehr. Fügen Sie sie von dort neu hinzu, wo sie jetzt liegt.</translation>
    </message>
    <message>
        <source>This computer isn&apos;t letting us read this file. Allow it in Settings, then try again.</source>
        <translation>Dieser Computer lässt uns diese Datei nicht lesen. Erlauben Sie es in den Einstellungen und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>This isn&apos;t a file we can read. Please add the recording itself.</source>
        <translation>Das ist keine Datei, die wir lesen können. Bitte fügen Sie die Aufnahme selbst hinzu.</translation>
    </message>
    <message>
        <source>This shortcut leads back to itself. Please add the recording itself.</source>
        <translation>Diese Verknüpfung führt zu sich selbst zurück. Bitte fügen Sie die Aufnahme selbst hinzu.</translation>
    </message>
    <message>
        <source>This file can&apos;t be read reliably. Copy it to another folder and add it again.</source>
        <translation>Diese Datei ist nicht zuverlässig lesbar. Kopieren Sie sie in einen anderen Ordner und fügen Sie sie neu hinzu.</translation>
    </message>
    <message>
        <source>Another program is using this file. We&apos;ll try again in a moment.</source>
        <translation>Ein anderes Programm benutzt diese Datei. Wir versuchen es gleich noch einmal.</translation>
    </message>
    <message>
        <source>This file is still in the cloud. Open its cloud program, then try again.</source>
        <translation>Diese Datei liegt noch in der Cloud. Öffnen Sie das Cloud-Programm und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The drive with this file is disconnected. We&apos;ll go on when it is back.</source>
        <translation>Das Laufwerk mit dieser Datei ist getrennt. Wir machen weiter, wenn es wieder da ist.</translation>
    </message>
    <message>
        <source>We can&apos;t find this file any more. Show us where it is, or remove it.</source>
        <translation>Wir finden diese Datei nicht mehr. Zeigen Sie uns, wo sie ist, oder entfernen Sie sie.</translation>
    </message>
    <message>
        <source>This recording changed while it was being sent, so we&apos;re starting it again.</source>
        <translation>Diese Aufnahme hat sich während des Sendens geändert, deshalb beginnen wir neu.</translation>
    </message>
    <message>
        <source>This is a video. We can only take the audio – export audio only, or ask IT.</source>
        <translation>Das ist ein Video. Wir nehmen nur den Ton – exportieren Sie nur die Tonspur, oder fragen Sie die IT.</translation>
    </message>
    <message>
        <source>This computer&apos;s proxy ({scheme}) isn&apos;t one that we can use. Please send this to IT; nothing is lost.</source>
        <translation>Den Proxy dieses Computers ({scheme}) können wir nicht benutzen. Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>The storage address in our settings is wrong: the bucket is in {region}. Please send this to IT.</source>
        <translation>Die Adresse des Speichers in unseren Einstellungen ist falsch: Der Bucket liegt in {region}. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>This computer can&apos;t find {host}. If web pages open, please send this to IT; nothing is lost.</source>
        <translation>Dieser Computer findet {host} nicht. Wenn sich Webseiten öffnen, schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>Storage keeps what was already sent until {until}: it is locked there. Please send this to IT.</source>
        <translation>Der Speicher behält das schon Gesendete bis {until}: Es ist dort gesperrt. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Storage keeps what was already sent until IT lifts the lock on it. Please send this to IT.</source>
        <translation>Der Speicher behält das schon Gesendete, bis die IT die Sperre aufhebt. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>The profile {file} can&apos;t be used: {problems}. Please send this to IT.</source>
        <translation>Das Profil {file} kann nicht verwendet werden: {problems}. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>CallUp cannot write to its folder {folder}: {reason}. Free space or allow writing there.</source>
        <translation>CallUp kann nicht in seinen Ordner {folder} schreiben: {reason}. Geben Sie Speicherplatz frei, oder erlauben Sie dort das Schreiben.</translation>
    </message>
    <message>
        <source>The certificate of {host} is out of date, or this computer&apos;s clock is wrong. Please send this to IT.</source>
        <translation>Das Zertifikat von {host} gilt nicht mehr oder noch nicht, oder die Uhr dieses Computers geht falsch. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>{host} shows a certificate for another name. Please send this to IT.</source>
        <translation>{host} zeigt ein Zertifikat für einen anderen Namen. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>{host} only offers encryption that is out of date. Please send this to IT.</source>
        <translation>{host} bietet nur veraltete Verschlüsselung an. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>The certificate of the call list is out of date, or this computer&apos;s clock is wrong. Please send this to IT; nothing is lost.</source>
        <translation>Das Zertifikat der Anrufliste gilt nicht mehr oder noch nicht, oder die Uhr dieses Computers geht falsch. Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>The call list shows a certificate for another name than {host}. Please send this to IT; nothing is lost.</source>
        <translation>Die Anrufliste zeigt ein Zertifikat für einen anderen Namen als {host}. Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>The call list only offers encryption that is out of date. Please send this to IT; nothing is lost.</source>
        <translation>Die Anrufliste bietet nur veraltete Verschlüsselung an. Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>The call list wants a certificate that this computer doesn&apos;t have. Please send this to IT; nothing is lost.</source>
        <translation>Die Anrufliste verlangt ein Zertifikat, das dieser Computer nicht hat. Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>This computer doesn&apos;t trust the certificate of the call list ({issuer}). Please send this to IT; nothing is lost.</source>
        <translation>Dieser Computer traut dem Zertifikat der Anrufliste ({issuer}) nicht. Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>The call list isn&apos;t the replica set that our settings name ({set}). Please send this to IT; nothing is lost.</source>
        <translation>Die Anrufliste ist nicht das Replica Set, das unsere Einstellungen nennen ({set}). Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>The recorder never finished this file. Open it in the program that recorded it and save it again; if it was downloaded, download it again.</source>
        <translation>Der Rekorder hat diese Datei nie fertig geschrieben. Öffnen Sie sie im Programm, das sie aufgenommen hat, und speichern Sie sie neu; wurde sie heruntergeladen, laden Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>Players stop at {stops_at} of {should_be}, for the recorder has not finished this file. Open it and save it again, or send it anyway?</source>
        <translation>Wiedergabeprogramme hören bei {stops_at} von {should_be} auf, denn der Rekorder hat diese Datei nicht fertig geschrieben. Öffnen und neu speichern, oder trotzdem senden?</translation>
    </message>
    <message>
        <source>The very end of this recording seems to be missing. Send anyway, or find the full file?</source>
        <translation>Das Ende dieser Aufnahme scheint zu fehlen. Trotzdem senden oder die ganze Datei suchen?</translation>
    </message>
    <message>
        <source>This computer can&apos;t find {host}, a server of the call list. Please send this to IT; nothing is lost.</source>
        <translation>Dieser Computer findet {host} nicht, einen Server der Anrufliste. Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>Our settings want TLS, and the call list at {host} doesn&apos;t speak it. Please send this to IT; nothing is lost.</source>
        <translation>Unsere Einstellungen verlangen TLS, und die Anrufliste auf {host} spricht es nicht. Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>The call list at {host} wants TLS, and our settings don&apos;t say so. Please send this to IT; nothing is lost.</source>
        <translation>Die Anrufliste auf {host} verlangt TLS, und unsere Einstellungen sagen das nicht. Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>It keeps changing – is it still recording?</source>
        <translation>Sie ändert sich ständig – wird noch aufgenommen?</translation>
    </message>
    <message>
        <source>Part of this file can&apos;t be read reliably. Copy it to another folder and add it again.</source>
        <translation>Ein Teil dieser Datei ist nicht zuverlässig lesbar. Kopieren Sie sie in einen anderen Ordner und fügen Sie sie neu hinzu.</translation>
    </message>
    <message>
        <source>You&apos;re offline. This recording will be sent when you&apos;re back online.</source>
        <translation>Sie sind offline. Diese Aufnahme wird gesendet, sobald Sie wieder online sind.</translation>
    </message>
    <message>
        <source>The connection dropped. Trying again in a moment; nothing is lost.</source>
        <translation>Die Verbindung brach ab. Wir versuchen es gleich noch einmal; nichts geht verloren.</translation>
    </message>
    <message>
        <source>This Wi-Fi needs you to sign in first.</source>
        <translation>Dieses WLAN verlangt zuerst eine Anmeldung.</translation>
    </message>
    <message>
        <source>Your company&apos;s network is checking this connection with a certificate we don&apos;t trust. Please send this to IT.</source>
        <translation>Das Netzwerk Ihrer Firma prüft diese Verbindung mit einem Zertifikat, dem wir nicht trauen. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Your company&apos;s internet proxy needs your password.</source>
        <translation>Der Internet-Proxy Ihrer Firma verlangt Ihr Passwort.</translation>
    </message>
    <message>
        <source>This computer&apos;s proxy isn&apos;t one that we can use. Please send this to IT; nothing is lost.</source>
        <translation>Den Proxy dieses Computers können wir nicht benutzen. Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>Proxy can&apos;t be used</source>
        <translation>Proxy nicht nutzbar</translation>
    </message>
    <message>
        <source>This computer can&apos;t find the address of our storage. If web pages open, please send this to IT; nothing is lost.</source>
        <translation>Dieser Computer findet die Adresse unseres Speichers nicht. Wenn sich Webseiten öffnen, schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>Address not found</source>
        <translation>Adresse nicht gefunden</translation>
    </message>
    <message>
        <source>Your company&apos;s network is blocking our storage. Please send this to IT.</source>
        <translation>Das Netzwerk Ihrer Firma sperrt unseren Speicher. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Storage is busy. Trying again; nothing is lost.</source>
        <translation>Der Speicher ist ausgelastet. Wir versuchen es erneut; nichts geht verloren.</translation>
    </message>
    <message>
        <source>A part arrived damaged. Sending it again; nothing is lost.</source>
        <translation>Ein Teil kam beschädigt an. Wir senden ihn neu; nichts geht verloren.</translation>
    </message>
    <message>
        <source>The earlier part of this upload expired, so we&apos;re sending it again.</source>
        <translation>Der frühere Teil dieses Uploads ist abgelaufen, deshalb senden wir ihn neu.</translation>
    </message>
    <message>
        <source>Removing what was already sent. Trying again in a moment.</source>
        <translation>Was schon gesendet war, wird entfernt. Wir versuchen es gleich noch einmal.</translation>
    </message>
    <message>
        <source>Sent safely. Waiting to register the call; we keep trying.</source>
        <translation>Sicher gesendet. Der Anruf wartet auf seinen Eintrag; wir versuchen es weiter.</translation>
    </message>
    <message>
        <source>Sent safely. The call list is busy; we keep trying.</source>
        <translation>Sicher gesendet. Die Anrufliste ist ausgelastet; wir versuchen es weiter.</translation>
    </message>
    <message>
        <source>Registered. Waiting to start the transcript; we keep trying.</source>
        <translation>Eingetragen. Das Transkript wartet auf seinen Beginn; wir versuchen es weiter.</translation>
    </message>
    <message>
        <source>Please sign in again to continue. Your uploads are kept.</source>
        <translation>Bitte melden Sie sich neu an, um weiterzumachen. Ihre Uploads bleiben erhalten.</translation>
    </message>
    <message>
        <source>There are no keys for storage on this computer yet. Open Connection to add them, or ask IT.</source>
        <translation>Auf diesem Computer gibt es noch keine Schlüssel für den Speicher. Fügen Sie sie unter „Verbindung“ hinzu, oder fragen Sie die IT.</translation>
    </message>
    <message>
        <source>There is no password for the call list on this computer yet. Open Connection to add it, or ask IT.</source>
        <translation>Auf diesem Computer gibt es noch kein Passwort für die Anrufliste. Öffnen Sie „Verbindung“, um es einzutragen, oder fragen Sie die IT.</translation>
    </message>
    <message>
        <source>No password yet</source>
        <translation>Noch kein Passwort</translation>
    </message>
    <message>
        <source>Unlock your keychain so we can sign in.</source>
        <translation>Entsperren Sie Ihren Schlüsselbund, damit wir uns anmelden können.</translation>
    </message>
    <message>
        <source>This computer&apos;s keychain can&apos;t be read. If it lasts, please send this to IT; nothing is lost.</source>
        <translation>Der Schlüsselbund dieses Computers lässt sich nicht lesen. Wenn das so bleibt, schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>Keychain can&apos;t be read</source>
        <translation>Schlüsselbund nicht lesbar</translation>
    </message>
    <message>
        <source>What brings our keys to this computer doesn&apos;t work. Please send this to IT; your uploads are kept.</source>
        <translation>Was unsere Schlüssel auf diesen Computer bringt, funktioniert nicht. Bitte schicken Sie das an die IT; Ihre Uploads bleiben erhalten.</translation>
    </message>
    <message>
        <source>No keys from AWS settings</source>
        <translation>Keine Schlüssel aus den AWS-Einstellungen</translation>
    </message>
    <message>
        <source>You don&apos;t have permission to send recordings yet. Please send this to IT.</source>
        <translation>Sie dürfen noch keine Aufnahmen senden. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>The storage address in our settings is wrong. Please send this to IT.</source>
        <translation>Die Adresse des Speichers in unseren Einstellungen ist falsch. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Storage is full. Please send this to IT; your recordings are kept and go on by themselves.</source>
        <translation>Der Speicher ist voll. Bitte schicken Sie das an die IT; Ihre Aufnahmen bleiben erhalten und gehen von selbst weiter.</translation>
    </message>
    <message>
        <source>Storage is full</source>
        <translation>Speicher ist voll</translation>
    </message>
    <message>
        <source>Storage encryption isn&apos;t set up for you yet. Please send this to IT.</source>
        <translation>Die Verschlüsselung des Speichers ist für Sie noch nicht eingerichtet. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Your computer&apos;s clock is wrong. Please turn on automatic time.</source>
        <translation>Die Uhr Ihres Computers geht falsch. Bitte schalten Sie die automatische Zeit ein.</translation>
    </message>
    <message>
        <source>Your recording is safe in storage, but we couldn&apos;t register it. Please send this to IT.</source>
        <translation>Ihre Aufnahme liegt sicher im Speicher, aber wir konnten sie nicht eintragen. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>The address of the call list in our settings is wrong. Please send this to IT; nothing is lost.</source>
        <translation>Die Adresse der Anrufliste in unseren Einstellungen ist falsch. Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>Wrong call list address</source>
        <translation>Falsche Adresse der Anrufliste</translation>
    </message>
    <message>
        <source>This computer doesn&apos;t trust the certificate of the call list. Please send this to IT; nothing is lost.</source>
        <translation>Dieser Computer traut dem Zertifikat der Anrufliste nicht. Bitte schicken Sie das an die IT; es geht nichts verloren.</translation>
    </message>
    <message>
        <source>Registered, but transcription isn&apos;t reachable. Please send this to IT.</source>
        <translation>Eingetragen, aber die Transkription ist nicht erreichbar. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Registered, but transcription didn&apos;t take it. Please send this to IT.</source>
        <translation>Eingetragen, aber die Transkription nahm sie nicht an. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Storage didn&apos;t take this recording. Please send this to IT.</source>
        <translation>Der Speicher nahm diese Aufnahme nicht an. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Storage doesn&apos;t let us remove what was already sent. Please send this to IT.</source>
        <translation>Der Speicher lässt uns das schon Gesendete nicht entfernen. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Can&apos;t be removed</source>
        <translation>Nicht zu entfernen</translation>
    </message>
    <message>
        <source>The copy in storage didn&apos;t match this recording, twice. Please send this to IT.</source>
        <translation>Die Kopie im Speicher stimmte zweimal nicht mit dieser Aufnahme überein. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>This request carries no token. Send one as Authorization: Bearer.</source>
        <translation>Diese Anfrage trägt kein Token. Senden Sie eines als Authorization: Bearer.</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Nicht angemeldet</translation>
    </message>
    <message>
        <source>This token is not accepted: it is unknown, expired or made for something else.</source>
        <translation>Dieses Token wird nicht angenommen: Es ist unbekannt, abgelaufen oder für etwas anderes gemacht.</translation>
    </message>
    <message>
        <source>Token not accepted</source>
        <translation>Token nicht angenommen</translation>
    </message>
    <message>
        <source>{sender} sent this recording on {day} as call {call_id}. To send it anyway, use --send-again.</source>
        <translation>{sender} hat diese Aufnahme am {day} als Anruf {call_id} gesendet. Mit --send-again senden Sie sie trotzdem.</translation>
    </message>
    <message>
        <source>Your company&apos;s sign-in is busy. Trying again; nothing is lost.</source>
        <translation>Die Anmeldung Ihrer Firma ist überlastet. Wir versuchen es erneut; nichts geht verloren.</translation>
    </message>
    <message>
        <source>Sign-in is busy</source>
        <translation>Anmeldung überlastet</translation>
    </message>
    <message>
        <source>Your company&apos;s sign-in didn&apos;t let you in, or you said no there. Please ask IT, or try again.</source>
        <translation>Die Anmeldung Ihrer Firma hat Sie nicht hereingelassen, oder Sie haben dort abgelehnt. Bitte fragen Sie die IT, oder versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>Not let in</source>
        <translation>Nicht hereingelassen</translation>
    </message>
    <message>
        <source>Your company&apos;s sign-in doesn&apos;t work as it should. Please send this to IT; your uploads are kept.</source>
        <translation>Die Anmeldung Ihrer Firma funktioniert nicht, wie sie soll. Bitte schicken Sie das an die IT; Ihre Uploads bleiben erhalten.</translation>
    </message>
    <message>
        <source>Sign-in doesn&apos;t work</source>
        <translation>Anmeldung funktioniert nicht</translation>
    </message>
    <message>
        <source>There is no token for your company&apos;s server on this computer yet. Open Connection to add it, or ask IT.</source>
        <translation>Auf diesem Computer gibt es noch kein Token für den Server Ihrer Firma. Öffnen Sie „Verbindung“, um es einzutragen, oder fragen Sie die IT.</translation>
    </message>
    <message>
        <source>No token yet</source>
        <translation>Noch kein Token</translation>
    </message>
    <message>
        <source>Your company&apos;s server doesn&apos;t accept the token of this computer. Open Connection to add a new one, or ask IT; your uploads are kept.</source>
        <translation>Der Server Ihrer Firma nimmt das Token dieses Computers nicht an. Öffnen Sie „Verbindung“, um ein neues einzutragen, oder fragen Sie die IT; Ihre Uploads bleiben erhalten.</translation>
    </message>
    <message>
        <source>The address of your company&apos;s server in our settings is wrong. Please send this to IT.</source>
        <translation>Die Adresse des Servers Ihrer Firma in unseren Einstellungen ist falsch. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Wrong server address</source>
        <translation>Falsche Serveradresse</translation>
    </message>
    <message>
        <source>This token does not allow what was asked. Please send this to IT.</source>
        <translation>Dieses Token erlaubt das Verlangte nicht. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Not permitted</source>
        <translation>Nicht erlaubt</translation>
    </message>
    <message>
        <source>The form can&apos;t be read.</source>
        <translation>Das Formular ist nicht lesbar.</translation>
    </message>
    <message>
        <source>Broken form</source>
        <translation>Formular defekt</translation>
    </message>
    <message>
        <source>Some call details are missing or not right.</source>
        <translation>Angaben zum Anruf fehlen oder stimmen nicht.</translation>
    </message>
    <message>
        <source>Call details missing</source>
        <translation>Angaben fehlen</translation>
    </message>
    <message>
        <source>The headers of this request are larger than 64 KB.</source>
        <translation>Die Kopfzeilen dieser Anfrage sind größer als 64 KB.</translation>
    </message>
    <message>
        <source>Headers too large</source>
        <translation>Kopfzeilen zu groß</translation>
    </message>
    <message>
        <source>The sender stopped sending, or sends too slowly. Nothing was kept; send it again.</source>
        <translation>Der Absender hat aufgehört zu senden oder sendet zu langsam. Nichts wurde behalten; senden Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Sender too slow</source>
        <translation>Absender zu langsam</translation>
    </message>
    <message>
        <source>The Idempotency-Key must be 1 to 255 plain characters.</source>
        <translation>Der Idempotency-Key muss aus 1 bis 255 einfachen Zeichen bestehen.</translation>
    </message>
    <message>
        <source>Bad Idempotency-Key</source>
        <translation>Idempotency-Key ungültig</translation>
    </message>
    <message>
        <source>A request with this Idempotency-Key is under way. Ask again in a moment.</source>
        <translation>Eine Anfrage mit diesem Idempotency-Key läuft gerade. Fragen Sie gleich noch einmal.</translation>
    </message>
    <message>
        <source>Already under way</source>
        <translation>Läuft bereits</translation>
    </message>
    <message>
        <source>This Idempotency-Key belongs to another call. Send this one with a new key.</source>
        <translation>Dieser Idempotency-Key gehört zu einem anderen Anruf. Senden Sie diesen mit einem neuen.</translation>
    </message>
    <message>
        <source>Key of another call</source>
        <translation>Key eines anderen Anrufs</translation>
    </message>
    <message>
        <source>Too many of your uploads are under way. Send this one again in a moment.</source>
        <translation>Zu viele Ihrer Uploads laufen gerade. Senden Sie diesen gleich noch einmal.</translation>
    </message>
    <message>
        <source>Too many at once</source>
        <translation>Zu viele auf einmal</translation>
    </message>
    <message>
        <source>The gateway has no room for this request now. Send it again in a moment.</source>
        <translation>Das Gateway hat gerade keinen Platz für diese Anfrage. Senden Sie sie gleich noch einmal.</translation>
    </message>
    <message>
        <source>Gateway is busy</source>
        <translation>Gateway ist ausgelastet</translation>
    </message>
    <message>
        <source>The gateway failed in a way that we did not expect. Please send this to IT, with its request_id.</source>
        <translation>Das Gateway ist auf unerwartete Weise gescheitert. Bitte schicken Sie das an die IT, mit der request_id.</translation>
    </message>
    <message>
        <source>The gateway failed</source>
        <translation>Gateway ist gescheitert</translation>
    </message>
    <message>
        <source>The recording could not be stored, and nothing of it was kept. Send it again in a moment, with the same Idempotency-Key.</source>
        <translation>Die Aufnahme konnte nicht gespeichert werden, und nichts davon wurde behalten. Senden Sie sie gleich noch einmal, mit demselben Idempotency-Key.</translation>
    </message>
    <message>
        <source>Not stored</source>
        <translation>Nicht gespeichert</translation>
    </message>
    <message>
        <source>The call could not be registered, and its recording is not kept. Send it again in a moment, with the same Idempotency-Key.</source>
        <translation>Der Anruf konnte nicht eingetragen werden, und seine Aufnahme wird nicht behalten. Senden Sie ihn gleich noch einmal, mit demselben Idempotency-Key.</translation>
    </message>
    <message>
        <source>Storage or the call list does not answer. What was sent is kept; ask again in a moment.</source>
        <translation>Der Speicher oder die Anrufliste antwortet nicht. Was gesendet wurde, bleibt erhalten; fragen Sie gleich noch einmal.</translation>
    </message>
    <message>
        <source>Upload waits</source>
        <translation>Übertragung wartet</translation>
    </message>
    <message>
        <source>Another request for this call is under way. Ask again in a moment.</source>
        <translation>Eine andere Anfrage zu diesem Anruf läuft gerade. Fragen Sie gleich noch einmal.</translation>
    </message>
    <message>
        <source>Call is being worked on</source>
        <translation>Anruf ist in Arbeit</translation>
    </message>
    <message>
        <source>Storage takes no parts of this call now. Ask for its stage; where it is lost, begin it again.</source>
        <translation>Der Speicher nimmt gerade keine Teile dieses Anrufs an. Fragen Sie nach seinem Stand; ist er „lost“, beginnen Sie ihn neu.</translation>
    </message>
    <message>
        <source>Upload not open</source>
        <translation>Übertragung nicht offen</translation>
    </message>
    <message>
        <source>Parts of this recording are not stored yet. Send them, then complete it again.</source>
        <translation>Teile dieser Aufnahme sind noch nicht gespeichert. Senden Sie sie, und schließen Sie dann noch einmal ab.</translation>
    </message>
    <message>
        <source>Parts are missing</source>
        <translation>Teile fehlen</translation>
    </message>
    <message>
        <source>These parts of the recording are not stored yet: {numbers}. Send them, then complete it again.</source>
        <translation>Diese Teile der Aufnahme sind noch nicht gespeichert: {numbers}. Senden Sie sie, und schließen Sie dann noch einmal ab.</translation>
    </message>
    <message>
        <source>This call_id belongs to another recording or to other details. Send this one with a new call_id.</source>
        <translation>Diese call_id gehört zu einer anderen Aufnahme oder zu anderen Angaben. Senden Sie diese mit einer neuen call_id.</translation>
    </message>
    <message>
        <source>Id of another recording</source>
        <translation>Kennung einer anderen Aufnahme</translation>
    </message>
    <message>
        <source>What was stored is not the recording that was announced, so nothing of it was kept.</source>
        <translation>Gespeichert wurde nicht die Aufnahme, die angekündigt war; davon wurde nichts behalten.</translation>
    </message>
    <message>
        <source>Not as announced</source>
        <translation>Nicht wie angekündigt</translation>
    </message>
    <message>
        <source>There is no call with this id among those that you may see.</source>
        <translation>Unter den Anrufen, die Sie sehen dürfen, ist keiner mit dieser ID.</translation>
    </message>
    <message>
        <source>No such call</source>
        <translation>Kein solcher Anruf</translation>
    </message>
    <message>
        <source>There is nothing at this address.</source>
        <translation>Unter dieser Adresse gibt es nichts.</translation>
    </message>
    <message>
        <source>Nothing here</source>
        <translation>Hier ist nichts</translation>
    </message>
    <message>
        <source>This address does not take that kind of request.</source>
        <translation>Diese Adresse nimmt solche Anfragen nicht an.</translation>
    </message>
    <message>
        <source>Wrong method</source>
        <translation>Falsche Methode</translation>
    </message>
    <message>
        <source>Part of this request is not right.</source>
        <translation>Etwas an dieser Anfrage stimmt nicht.</translation>
    </message>
    <message>
        <source>Bad request</source>
        <translation>Anfrage ungültig</translation>
    </message>
    <message>
        <source>This part of the request is not right: {fields}.</source>
        <translation>Dieser Teil der Anfrage stimmt nicht: {fields}.</translation>
    </message>
    <message>
        <source>The body is not a form. Send it as multipart/form-data with a boundary.</source>
        <translation>Der Inhalt ist kein Formular. Senden Sie ihn als multipart/form-data mit einer Grenze (boundary).</translation>
    </message>
    <message>
        <source>The request breaks the rules of HTTP or of multipart/form-data, so it can&apos;t be read.</source>
        <translation>Die Anfrage verletzt die Regeln von HTTP oder von multipart/form-data und ist deshalb nicht lesbar.</translation>
    </message>
    <message>
        <source>The form ends in the middle: its last boundary is missing.</source>
        <translation>Das Formular endet mittendrin: Seine letzte Grenze fehlt.</translation>
    </message>
    <message>
        <source>The form has too many parts, or too much around the recording.</source>
        <translation>Das Formular hat zu viele Teile oder zu viel um die Aufnahme herum.</translation>
    </message>
    <message>
        <source>A field of the form is longer than 4 KB.</source>
        <translation>Ein Feld des Formulars ist länger als 4 KB.</translation>
    </message>
    <message>
        <source>A field stands twice in the form.</source>
        <translation>Ein Feld steht zweimal im Formular.</translation>
    </message>
    <message>
        <source>A field of the form is not text in UTF-8.</source>
        <translation>Ein Feld des Formulars ist kein Text in UTF-8.</translation>
    </message>
    <message>
        <source>The form holds more than one file. Send each recording in a request of its own.</source>
        <translation>Das Formular enthält mehr als eine Datei. Senden Sie jede Aufnahme in einer eigenen Anfrage.</translation>
    </message>
    <message>
        <source>A field stands after the file. The file must be the last part of the form.</source>
        <translation>Ein Feld steht hinter der Datei. Die Datei muss der letzte Teil des Formulars sein.</translation>
    </message>
    <message>
        <source>The body is compressed. Send it without a Content-Encoding.</source>
        <translation>Der Inhalt ist komprimiert. Senden Sie ihn ohne Content-Encoding.</translation>
    </message>
    <message>
        <source>This computer is almost out of space. Free 200 MB so we can keep track of your uploads.</source>
        <translation>Auf diesem Computer ist fast kein Platz mehr. Geben Sie 200 MB frei, damit wir Ihre Uploads im Blick behalten.</translation>
    </message>
    <message>
        <source>Almost out of space</source>
        <translation>Fast kein Platz mehr</translation>
    </message>
    <message>
        <source>We can&apos;t write to our own folder on this computer. Please send this to IT.</source>
        <translation>Wir können nicht in unseren eigenen Ordner auf diesem Computer schreiben. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>The upload list can&apos;t be read. Please send this to IT.</source>
        <translation>Die Upload-Liste ist nicht lesbar. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>There is no screen for the window here. Start CallUp on a desktop, or send from the console: callup send FILE.</source>
        <translation>Hier gibt es keinen Bildschirm für das Fenster. Starten Sie CallUp auf einem Desktop, oder senden Sie von der Konsole aus: callup send FILE.</translation>
    </message>
    <message>
        <source>This computer lacks a library that the window needs. Please send this to IT, or send from the console: callup send FILE.</source>
        <translation>Diesem Computer fehlt eine Bibliothek, die das Fenster braucht. Bitte schicken Sie das an die IT, oder senden Sie von der Konsole aus: callup send FILE.</translation>
    </message>
    <message>
        <source>CallUp is not connected yet. Import the .callup file from your IT department, or name it with --profile.</source>
        <translation>CallUp ist noch nicht verbunden. Importieren Sie die .callup-Datei Ihrer IT-Abteilung, oder nennen Sie sie mit --profile.</translation>
    </message>
    <message>
        <source>CallUp&apos;s folder, or a file in it, belongs to another user of this computer, so nothing was started. Please send this to IT.</source>
        <translation>Der Ordner von CallUp oder eine Datei darin gehört einem anderen Benutzer dieses Computers, deshalb wurde nichts gestartet. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>{file} belongs to another user of this computer, so nothing was started. Please send this to IT.</source>
        <translation>{file} gehört einem anderen Benutzer dieses Computers, deshalb wurde nichts gestartet. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Without tokens the gateway runs on the sandbox and on this computer&apos;s own address only. Set CALLUP_GATEWAY_TOKENS_FILE or the CALLUP_GATEWAY_OIDC_ keys; callup token makes a token.</source>
        <translation>Ohne Token läuft das Gateway nur auf der Sandbox und nur unter der eigenen Adresse dieses Computers. Setzen Sie CALLUP_GATEWAY_TOKENS_FILE oder die Schlüssel CALLUP_GATEWAY_OIDC_; callup token erzeugt ein Token.</translation>
    </message>
    <message>
        <source>The gateway&apos;s settings can&apos;t be used.</source>
        <translation>Die Einstellungen des Gateways sind nicht verwendbar.</translation>
    </message>
    <message>
        <source>The gateway&apos;s settings can&apos;t be used: {problems}.</source>
        <translation>Die Einstellungen des Gateways sind nicht verwendbar: {problems}.</translation>
    </message>
    <message>
        <source>The gateway cannot listen on its address.</source>
        <translation>Das Gateway kann unter seiner Adresse nicht lauschen.</translation>
    </message>
    <message>
        <source>The gateway cannot listen on {address}. Stop what uses it, or choose another with --port.</source>
        <translation>Das Gateway kann unter {address} nicht lauschen. Beenden Sie, was sie benutzt, oder wählen Sie mit --port eine andere.</translation>
    </message>
    <message>
        <source>The gateway is not part of this installation. Run pip install &apos;.[gateway]&apos; in the folder of the source code.</source>
        <translation>Das Gateway gehört nicht zu dieser Installation. Führen Sie im Ordner des Quellcodes pip install &apos;.[gateway]&apos; aus.</translation>
    </message>
    <message>
        <source>CallUp is already running with another profile. Close it, or use that profile.</source>
        <translation>CallUp läuft bereits mit einem anderen Profil. Beenden Sie es, oder verwenden Sie jenes Profil.</translation>
    </message>
    <message>
        <source>CallUp is already running on this computer and does not answer. Close it and try again; nothing is lost.</source>
        <translation>CallUp läuft bereits auf diesem Computer und antwortet nicht. Beenden Sie es, und versuchen Sie es erneut; nichts geht verloren.</translation>
    </message>
    <message>
        <source>The sandbox runs on Python 3.11 to 3.13. Everything else runs on this one, too.</source>
        <translation>Die Sandbox läuft mit Python 3.11 bis 3.13. Alles andere läuft auch mit diesem.</translation>
    </message>
    <message>
        <source>The sandbox&apos;s storage needs a temporary folder in which you may write. The administrator of this computer can allow that.</source>
        <translation>Der Speicher der Sandbox braucht einen temporären Ordner, in den Sie schreiben dürfen. Wer diesen Computer verwaltet, kann das erlauben.</translation>
    </message>
    <message>
        <source>The sandbox&apos;s storage keeps its sockets in {folder}, where you may not write. The administrator of this computer can allow that: chmod 1777 {folder}</source>
        <translation>Der Speicher der Sandbox legt seine Sockets in {folder} ab, wo Sie nicht schreiben dürfen. Wer diesen Computer verwaltet, kann das erlauben: chmod 1777 {folder}</translation>
    </message>
    <message>
        <source>This recording is in the list already. Send it twice?</source>
        <translation>Diese Aufnahme steht schon in der Liste. Zweimal senden?</translation>
    </message>
    <message>
        <source>The transcript of this call has begun, so its details can&apos;t be changed any more.</source>
        <translation>Das Transkript dieses Anrufs hat begonnen, darum lassen sich seine Angaben nicht mehr ändern.</translation>
    </message>
    <message>
        <source>Details not saved yet</source>
        <translation>Angaben noch nicht gespeichert</translation>
    </message>
    <message>
        <source>The call list doesn&apos;t take the new details of this call. Please send this to IT.</source>
        <translation>Die Anrufliste nimmt die neuen Angaben dieses Anrufs nicht an. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>The new details wait for the call list; we keep trying.</source>
        <translation>Die neuen Angaben warten auf die Anrufliste; wir versuchen es weiter.</translation>
    </message>
    <message>
        <source>This network blocks the call list, so the new details wait. Please send this to IT.</source>
        <translation>Dieses Netzwerk sperrt die Anrufliste, darum warten die neuen Angaben. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; has line ends or characters that turn text round</source>
        <translation>&apos;{key}&apos; enthält Zeilenenden oder Zeichen, die Text umdrehen</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; is not a name that MongoDB takes</source>
        <translation>&apos;{key}&apos; ist kein Name, den MongoDB annimmt</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be certificates of authorities in PEM, at most {limit}</source>
        <translation>&apos;{key}&apos; müssen Zertifikate von Zertifizierungsstellen in PEM sein, höchstens {limit}</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be the address of a proxy for http, such as http://proxy.example.com:8080</source>
        <translation>&apos;{key}&apos; muss die Adresse eines Proxys für http sein, wie http://proxy.example.com:8080</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; has more than {limit} entries</source>
        <translation>&apos;{key}&apos; hat mehr als {limit} Einträge</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be true or false</source>
        <translation>&apos;{key}&apos; muss true oder false sein</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be a web address with {place} once behind the host</source>
        <translation>&apos;{key}&apos; muss eine Webadresse sein, die hinter dem Rechnernamen einmal {place} enthält</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; is not a pattern that can be used ({detail})</source>
        <translation>&apos;{key}&apos; ist kein brauchbares Muster ({detail})</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must name groups, and only these: {offered}</source>
        <translation>&apos;{key}&apos; muss Gruppen benennen, und nur diese: {offered}</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be a full path, or begin with ~ or a variable</source>
        <translation>&apos;{key}&apos; muss ein vollständiger Pfad sein oder mit ~ oder einer Variablen beginnen</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; does not belong beside &apos;gateway&apos;</source>
        <translation>&apos;{key}&apos; gehört nicht neben &apos;gateway&apos;</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; goes with a &apos;gateway&apos; only</source>
        <translation>&apos;{key}&apos; gehört nur zu einem &apos;gateway&apos;</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; is for those who send through it; here bucket, registry and queue are needed</source>
        <translation>&apos;{key}&apos; ist für die, die darüber senden; hier werden Bucket, Registry und Queue gebraucht</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; holds characters that no sign-in takes</source>
        <translation>&apos;{key}&apos; enthält Zeichen, die keine Anmeldung nimmt</translation>
    </message>
    <message numerus="yes">
        <source>%n s</source>
        <translation>
            <numerusform>%n s</numerusform>
            <numerusform>%n s</numerusform>
        </translation>
    </message>
    <message>
        <source>The connection dropped. Trying again in {time}; nothing is lost.</source>
        <translation>Die Verbindung ist abgebrochen. Neuer Versuch in {time}; nichts geht verloren.</translation>
    </message>
    <message>
        <source>Your connection is slow; {time}. You can keep working.</source>
        <translation>Ihre Verbindung ist langsam; {time}. Sie können weiterarbeiten.</translation>
    </message>
    <message>
        <source>sound of {name} ({before} to {after})</source>
        <translation>Ton von {name} ({before} auf {after})</translation>
    </message>
    <message>
        <source>Zoom saved the sound beside it as {name}</source>
        <translation>Zoom hat den Ton daneben als {name} gespeichert</translation>
    </message>
    <message>
        <source>{sender} already sent this recording on {day}. Send it anyway?</source>
        <translation>{sender} hat diese Aufnahme am {day} schon gesendet. Trotzdem senden?</translation>
    </message>
    <message>
        <source>Add the recording itself, as a part of the form named file.</source>
        <translation>Fügen Sie die Aufnahme selbst hinzu, als Teil des Formulars mit dem Namen file.</translation>
    </message>
    <message>
        <source>This holds characters that can&apos;t be read. Type it again.</source>
        <translation>Darin sind Zeichen, die nicht gelesen werden können. Geben Sie es noch einmal ein.</translation>
    </message>
    <message>
        <source>Version {version} is available.</source>
        <translation>Version {version} ist verfügbar.</translation>
    </message>
    <message>
        <source>No newer version.</source>
        <translation>Keine neuere Version.</translation>
    </message>
    <message>
        <source>The profile names no place to look for updates, or says not to.</source>
        <translation>Das Profil nennt keinen Ort für Aktualisierungen oder schaltet sie ab.</translation>
    </message>
    <message>
        <source>The update repository cannot be reached.</source>
        <translation>Das Verzeichnis der Aktualisierungen ist nicht erreichbar.</translation>
    </message>
    <message>
        <source>There is no update repository at the profile&apos;s update_url.</source>
        <translation>Unter der update_url des Profils gibt es kein Verzeichnis der Aktualisierungen.</translation>
    </message>
    <message>
        <source>What answers at the profile&apos;s update_url is no update repository.</source>
        <translation>Was unter der update_url des Profils antwortet, ist kein Verzeichnis der Aktualisierungen.</translation>
    </message>
    <message>
        <source>The update repository is not the one whose fingerprint the profile holds.</source>
        <translation>Das Verzeichnis der Aktualisierungen ist nicht jenes, dessen Fingerabdruck im Profil steht.</translation>
    </message>
    <message>
        <source>The update repository is not signed by the keys it has to be.</source>
        <translation>Das Verzeichnis der Aktualisierungen ist nicht mit den verlangten Schlüsseln signiert.</translation>
    </message>
    <message>
        <source>A file in the update repository is not what was signed.</source>
        <translation>Eine Datei im Verzeichnis der Aktualisierungen ist nicht die, die signiert wurde.</translation>
    </message>
    <message>
        <source>The update repository is older than what this computer has seen of it.</source>
        <translation>Das Verzeichnis der Aktualisierungen ist älter als das, was dieser Computer schon davon gesehen hat.</translation>
    </message>
    <message>
        <source>The update repository&apos;s signatures have expired, or this computer&apos;s clock is wrong.</source>
        <translation>Die Signaturen des Verzeichnisses der Aktualisierungen sind abgelaufen, oder die Uhr dieses Computers geht falsch.</translation>
    </message>
    <message>
        <source>What was seen of the update repository cannot be kept on this computer.</source>
        <translation>Was vom Verzeichnis der Aktualisierungen gesehen wurde, kann auf diesem Computer nicht aufgehoben werden.</translation>
    </message>
    <message>
        <source>Your recording is safe in storage, but this network blocks the call list. Please send this to IT.</source>
        <translation>Ihre Aufnahme liegt sicher im Speicher, aber dieses Netz blockiert die Anrufliste. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>The copy in storage didn&apos;t match, so we&apos;re sending it again.</source>
        <translation>Die Kopie im Speicher stimmte nicht überein; wir senden sie noch einmal.</translation>
    </message>
    <message>
        <source>{provider} isn&apos;t running. Open {provider}, then try again.</source>
        <translation>{provider} läuft nicht. Öffnen Sie {provider} und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>You sent this recording on {day} as call {call_id}. To send it once more, use --send-again.</source>
        <translation>Sie haben diese Aufnahme am {day} als Anruf {call_id} gesendet. Mit --send-again senden Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>An address that should be this computer leads to another one, so nothing was sent. Please send this to IT.</source>
        <translation>Eine Adresse, die dieser Computer sein sollte, führt zu einem anderen; es wurde nichts gesendet. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Address leads elsewhere</source>
        <translation>Adresse führt woandershin</translation>
    </message>
    <message>
        <source>This call was made for another connection. It waits here until that one is active again; nothing of it is sent elsewhere.</source>
        <translation>Dieser Anruf wurde für eine andere Verbindung angelegt. Er wartet hier, bis sie wieder aktiv ist; nichts davon wird woandershin gesendet.</translation>
    </message>
    <message>
        <source>Waits for another connection</source>
        <translation>Wartet auf eine andere Verbindung</translation>
    </message>
    <message>
        <source>Can&apos;t write to our folder</source>
        <translation>Ordner nicht beschreibbar</translation>
    </message>
    <message>
        <source>Another program is using our upload list. Your calls wait until it is free; nothing is lost.</source>
        <translation>Ein anderes Programm benutzt unsere Upload-Liste. Ihre Anrufe warten, bis sie frei ist; nichts geht verloren.</translation>
    </message>
    <message>
        <source>Upload list in use</source>
        <translation>Upload-Liste belegt</translation>
    </message>
    <message>
        <source>A newer version of CallUp was used on this computer. Please ask IT to install it again; your calls are kept.</source>
        <translation>Auf diesem Computer wurde eine neuere Version von CallUp benutzt. Bitte fragen Sie die IT, damit sie wieder installiert wird; Ihre Anrufe bleiben erhalten.</translation>
    </message>
    <message>
        <source>Newer version needed</source>
        <translation>Neuere Version nötig</translation>
    </message>
    <message>
        <source>Upload list can&apos;t be read</source>
        <translation>Upload-Liste nicht lesbar</translation>
    </message>
    <message>
        <source>The profile can&apos;t be used. Please send this to IT.</source>
        <translation>Das Profil kann nicht verwendet werden. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>This profile wants to use keys, tokens or files of this computer, and nobody allowed that yet. Import it, and look at what it asks for first.</source>
        <translation>Dieses Profil will Schlüssel, Token oder Dateien dieses Computers verwenden, und das hat noch niemand erlaubt. Importieren Sie es und lesen Sie vorher, was es verlangt.</translation>
    </message>
    <message>
        <source>A file of your IT department cannot be read, so nothing was started. Please send this to IT.</source>
        <translation>Eine Datei Ihrer IT-Abteilung kann nicht gelesen werden; es wurde nichts gestartet. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>The file {file} of your IT department cannot be read, so nothing was started. Please send this to IT.</source>
        <translation>Die Datei {file} Ihrer IT-Abteilung kann nicht gelesen werden; es wurde nichts gestartet. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>Something else stands in the place of a file of your IT department, so nothing was started. Please send this to IT.</source>
        <translation>An der Stelle einer Datei Ihrer IT-Abteilung steht etwas anderes; es wurde nichts gestartet. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>{file} should be a file of your IT department and is none, so nothing was started. Please send this to IT.</source>
        <translation>{file} sollte eine Datei Ihrer IT-Abteilung sein und ist keine; es wurde nichts gestartet. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>A file stands in your IT department&apos;s place that others than administrators may write, so nothing was started. Please send this to IT.</source>
        <translation>An der Stelle einer Datei Ihrer IT-Abteilung steht eine, die nicht nur Administratoren schreiben dürfen; es wurde nichts gestartet. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>The file {file} may be written by others than administrators, so nothing was started. Please send this to IT.</source>
        <translation>Die Datei {file} dürfen nicht nur Administratoren schreiben; es wurde nichts gestartet. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>What your IT department set for this program can&apos;t be used. Please send this to IT.</source>
        <translation>Was Ihre IT-Abteilung für dieses Programm festgelegt hat, kann nicht verwendet werden. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>What your IT department set for this program can&apos;t be used: &apos;{key}&apos; in {file}. Please send this to IT.</source>
        <translation>Was Ihre IT-Abteilung für dieses Programm festgelegt hat, kann nicht verwendet werden: &apos;{key}&apos; in {file}. Bitte schicken Sie das an die IT.</translation>
    </message>
    <message>
        <source>CallUp cannot write to its folder. Free space or allow writing there.</source>
        <translation>CallUp kann nicht in seinen Ordner schreiben. Geben Sie Speicherplatz frei, oder erlauben Sie dort das Schreiben.</translation>
    </message>
    <message>
        <source>The running CallUp was closed before it answered. Please try again.</source>
        <translation>Das laufende CallUp wurde geschlossen, bevor es geantwortet hat. Bitte versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Another version of CallUp is running on this computer. Close it and try again; nothing is lost.</source>
        <translation>Auf diesem Computer läuft eine andere Version von CallUp. Schließen Sie sie und versuchen Sie es noch einmal; nichts geht verloren.</translation>
    </message>
    <message>
        <source>CallUp has not taken this recording. Please send it again.</source>
        <translation>CallUp hat diese Aufnahme nicht übernommen. Bitte senden Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>The folder that you work in was deleted. Change to another folder and try again.</source>
        <translation>Der Ordner, in dem Sie arbeiten, wurde gelöscht. Wechseln Sie in einen anderen und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Storage doesn&apos;t know this access key: it was switched off or mistyped. Please ask IT, or check it under Connection; your recordings are kept on this computer.</source>
        <translation>Der Speicher kennt diesen Zugriffsschlüssel nicht: Er wurde abgeschaltet oder falsch eingegeben. Bitte fragen Sie die IT, oder prüfen Sie ihn unter „Verbindung“; Ihre Aufnahmen bleiben auf diesem Computer.</translation>
    </message>
    <message>
        <source>Access key not known</source>
        <translation>Schlüssel unbekannt</translation>
    </message>
    <message>
        <source>The secret key doesn&apos;t belong to the access key: one of them is mistyped. Open Connection to type both again.</source>
        <translation>Der geheime Schlüssel gehört nicht zum Zugriffsschlüssel: Einer von beiden ist falsch eingegeben. Öffnen Sie „Verbindung“, um beide neu einzugeben.</translation>
    </message>
    <message>
        <source>Keys don&apos;t match</source>
        <translation>Schlüssel passen nicht</translation>
    </message>
    <message>
        <source>Your recording is safe in storage, but the call list doesn&apos;t accept the password. Open Connection to type it again, or ask IT.</source>
        <translation>Ihre Aufnahme ist sicher gespeichert, aber die Anrufliste nimmt das Passwort nicht an. Öffnen Sie „Verbindung“, um es neu einzugeben, oder fragen Sie die IT.</translation>
    </message>
    <message>
        <source>Wrong password</source>
        <translation>Falsches Passwort</translation>
    </message>
    <message>
        <source>The form lacks these, or they are not right: {fields}. The file must be its last part.</source>
        <translation>Im Formular fehlt etwas, oder es stimmt nicht: {fields}. Die Datei muss sein letzter Teil sein.</translation>
    </message>
    <message>
        <source>The sandbox is not part of the installed program; it comes with the source code.</source>
        <translation>Die Sandbox gehört nicht zum installierten Programm; sie kommt mit dem Quelltext.</translation>
    </message>
    <message>
        <source>The sandbox is not available on a Mac with an Intel processor.</source>
        <translation>Auf einem Mac mit Intel-Prozessor gibt es die Sandbox nicht.</translation>
    </message>
    <message>
        <source>The sandbox is not installed here. Run pip install &apos;.[sandbox]&apos; in the folder of the source code and try again.</source>
        <translation>Die Sandbox ist hier nicht installiert. Führen Sie im Ordner des Quellcodes pip install &apos;.[sandbox]&apos; aus, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The sandbox needs {packages}, not installed here. Run pip install &apos;.[sandbox]&apos; in the folder of the source code and try again.</source>
        <translation>Die Sandbox braucht {packages}, hier nicht installiert. Führen Sie im Ordner des Quellcodes pip install &apos;.[sandbox]&apos; aus, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The sandbox cannot use its folder. Free space, or use another folder.</source>
        <translation>Die Sandbox kann ihren Ordner nicht benutzen. Geben Sie Speicherplatz frei, oder nehmen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The sandbox cannot use its folder {folder}: {reason}. Free space, or use another folder.</source>
        <translation>Die Sandbox kann ihren Ordner {folder} nicht benutzen: {reason}. Geben Sie Speicherplatz frei, oder nehmen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Another CallUp runs this sandbox. Close that one, or use another folder.</source>
        <translation>Ein anderes CallUp betreibt diese Sandbox. Beenden Sie es, oder nehmen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Another CallUp runs the sandbox in {folder}. Close that one, or use another folder.</source>
        <translation>Ein anderes CallUp betreibt die Sandbox in {folder}. Beenden Sie es, oder nehmen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Other programs hold the ports that the sandbox needs. Close them, or try again.</source>
        <translation>Andere Programme belegen die Ports, die die Sandbox braucht. Beenden Sie diese, oder versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>A server of the sandbox does not answer.</source>
        <translation>Ein Server der Sandbox antwortet nicht.</translation>
    </message>
    <message>
        <source>The sandbox&apos;s {server} server does not answer.</source>
        <translation>Der Server {server} der Sandbox antwortet nicht.</translation>
    </message>
    <message>
        <source>A server of the sandbox ended as soon as it was started.</source>
        <translation>Ein Server der Sandbox endete, kaum dass er gestartet war.</translation>
    </message>
    <message>
        <source>The sandbox&apos;s {server} server ended as soon as it was started.</source>
        <translation>Der Server {server} der Sandbox endete, kaum dass er gestartet war.</translation>
    </message>
    <message>
        <source>A server of the sandbox ended; so does the sandbox.</source>
        <translation>Ein Server der Sandbox ist beendet, und damit die Sandbox.</translation>
    </message>
    <message>
        <source>The sandbox&apos;s {server} server ended; so does the sandbox.</source>
        <translation>Der Server {server} der Sandbox ist beendet, und damit die Sandbox.</translation>
    </message>
    <message>
        <source>This call was sent already; its details stay as they are.</source>
        <translation>Dieser Anruf wurde schon gesendet; seine Angaben bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>there is no such file</source>
        <translation>diese Datei gibt es nicht</translation>
    </message>
    <message>
        <source>this file cannot be read as text</source>
        <translation>diese Datei ist nicht als Text lesbar</translation>
    </message>
    <message>
        <source>not valid TOML: {detail}</source>
        <translation>kein gültiges TOML: {detail}</translation>
    </message>
    <message>
        <source>this file is too large for a profile</source>
        <translation>diese Datei ist zu groß für ein Profil</translation>
    </message>
    <message>
        <source>this file holds lists within lists beyond all measure</source>
        <translation>diese Datei ist maßlos tief verschachtelt</translation>
    </message>
    <message>
        <source>the key &apos;{key}&apos; is missing</source>
        <translation>der Schlüssel &apos;{key}&apos; fehlt</translation>
    </message>
    <message>
        <source>the key &apos;{key}&apos; is not known</source>
        <translation>der Schlüssel &apos;{key}&apos; ist nicht bekannt</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be text in quotes</source>
        <translation>&apos;{key}&apos; muss Text in Anführungszeichen sein</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be a whole number</source>
        <translation>&apos;{key}&apos; muss eine ganze Zahl sein</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be a list in brackets</source>
        <translation>&apos;{key}&apos; muss eine Liste in eckigen Klammern sein</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; is empty</source>
        <translation>&apos;{key}&apos; ist leer</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; is longer than {limit} characters</source>
        <translation>&apos;{key}&apos; ist länger als {limit} Zeichen</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be {limit} or more</source>
        <translation>&apos;{key}&apos; muss mindestens {limit} sein</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be {limit} or less</source>
        <translation>&apos;{key}&apos; darf höchstens {limit} sein</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be one of these: {offered}</source>
        <translation>&apos;{key}&apos; muss eines von diesen sein: {offered}</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; is not a full email address</source>
        <translation>&apos;{key}&apos; ist keine vollständige E-Mail-Adresse</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; is not a bucket&apos;s name, which has 3 to 63 letters, digits, dots, hyphens and underscores</source>
        <translation>&apos;{key}&apos; ist kein Name eines Buckets; der hat 3 bis 63 Buchstaben, Ziffern, Punkte, Binde- und Unterstriche</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; is not a region&apos;s name, which has letters, digits and hyphens</source>
        <translation>&apos;{key}&apos; ist kein Name einer Region; er besteht aus Buchstaben, Ziffern und Bindestrichen</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; is not a web address</source>
        <translation>&apos;{key}&apos; ist keine Webadresse</translation>
    </message>
    <message>
        <source>&apos;{key}&apos;: plain http is only allowed to this computer; use https</source>
        <translation>&apos;{key}&apos;: unverschlüsseltes http ist nur zu diesem Computer erlaubt; nehmen Sie https</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; names no queue</source>
        <translation>&apos;{key}&apos; nennt keine Warteschlange</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; is not an address that begins with mongodb:// or mongodb+srv://</source>
        <translation>&apos;{key}&apos; ist keine Adresse, die mit mongodb:// oder mongodb+srv:// beginnt</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; holds a password; passwords belong in the keyring</source>
        <translation>&apos;{key}&apos; enthält ein Passwort; Passwörter gehören in den Schlüsselbund</translation>
    </message>
    <message>
        <source>&apos;{key}&apos;: MongoDB without TLS is only allowed to this computer; add tls=true</source>
        <translation>&apos;{key}&apos;: MongoDB ohne TLS ist nur zu diesem Computer erlaubt; ergänzen Sie tls=true</translation>
    </message>
    <message>
        <source>&apos;{key}&apos;: the option &apos;{option}&apos; is not allowed there</source>
        <translation>&apos;{key}&apos;: die Option &apos;{option}&apos; ist dort nicht erlaubt</translation>
    </message>
    <message>
        <source>&apos;{key}&apos;: a call type is empty</source>
        <translation>&apos;{key}&apos;: eine Art des Anrufs ist leer</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; must be 64 hexadecimal digits</source>
        <translation>&apos;{key}&apos; muss aus 64 hexadezimalen Ziffern bestehen</translation>
    </message>
    <message>
        <source>credentials = &apos;sandbox&apos; goes with an endpoint on this computer only</source>
        <translation>credentials = &apos;sandbox&apos; geht nur mit einem endpoint auf diesem Computer</translation>
    </message>
    <message>
        <source>update_url and update_root go together: what is not signed is not believed</source>
        <translation>update_url und update_root gehören zusammen: was nicht signiert ist, wird nicht geglaubt</translation>
    </message>
    <message>
        <source>oidc_issuer and oidc_client_id go together, oidc_scope and oidc_port with both</source>
        <translation>oidc_issuer und oidc_client_id gehören zusammen, oidc_scope und oidc_port zu beiden</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; is not valid ({detail})</source>
        <translation>&apos;{key}&apos; ist nicht gültig ({detail})</translation>
    </message>
    <message>
        <source>We repaired the upload list, but nothing in it could be read. Please add your calls again.</source>
        <translation>Wir haben die Liste der Uploads repariert, aber nichts darin war lesbar. Bitte fügen Sie Ihre Anrufe erneut hinzu.</translation>
    </message>
    <message>
        <source>We repaired the upload list. Please check the last recording.</source>
        <translation>Wir haben die Liste der Uploads repariert. Bitte prüfen Sie die letzte Aufnahme.</translation>
    </message>
    <message numerus="yes">
        <source>We repaired the upload list. Please check the last %n recordings.</source>
        <translation>
            <numerusform>Wir haben die Liste der Uploads repariert. Bitte prüfen Sie die letzte %n Aufnahme.</numerusform>
            <numerusform>Wir haben die Liste der Uploads repariert. Bitte prüfen Sie die letzten %n Aufnahmen.</numerusform>
        </translation>
    </message>
    <message>
        <source>We closed unexpectedly. Your uploads are continuing.</source>
        <translation>CallUp wurde unerwartet beendet. Ihre Uploads gehen weiter.</translation>
    </message>
    <message>
        <source>Getting this file from {provider}…</source>
        <translation>Wird von {provider} geholt…</translation>
    </message>
    <message>
        <source>Getting this file from the cloud…</source>
        <translation>Wird aus der Cloud geholt…</translation>
    </message>
    <message>
        <source>Picking up where we left off.</source>
        <translation>Wir machen da weiter, wo wir aufgehört haben.</translation>
    </message>
    <message>
        <source>Dropping files is blocked because the app runs as administrator. Use Choose files, or restart normally.</source>
        <translation>Ablegen geht nicht, weil die App als Administrator läuft. Benutzen Sie „Dateien auswählen“, oder starten Sie sie normal.</translation>
    </message>
    <message>
        <source>{name} is the recording that was missing; its call goes on.</source>
        <translation>{name} ist die vermisste Aufnahme; ihr Anruf geht weiter.</translation>
    </message>
    <message>
        <source>it is {size}</source>
        <translation>sie hat {size}</translation>
    </message>
    <message>
        <source>ask your admin</source>
        <translation>fragen Sie Ihre IT</translation>
    </message>
    <message>
        <source>We couldn&apos;t hear anything in this recording. Send it anyway?</source>
        <translation>In dieser Aufnahme war nichts zu hören. Trotzdem senden?</translation>
    </message>
    <message>
        <source>This recording seems cut off. Send anyway, or find the full file?</source>
        <translation>Diese Aufnahme scheint abgeschnitten. Trotzdem senden, oder die ganze Datei suchen?</translation>
    </message>
    <message>
        <source>This recording seems cut off at {stops_at} of {should_be}. Send anyway, or find the full file?</source>
        <translation>Diese Aufnahme scheint bei {stops_at} von {should_be} abgeschnitten. Trotzdem senden, oder die ganze Datei suchen?</translation>
    </message>
    <message>
        <source>You already sent this recording on {day}. Send it again?</source>
        <translation>Diese Aufnahme haben Sie am {day} schon gesendet. Noch einmal senden?</translation>
    </message>
    <message>
        <source>Add the company name to send this recording.</source>
        <translation>Geben Sie die Firma an, um diese Aufnahme zu senden.</translation>
    </message>
    <message>
        <source>Add a contact email to send this recording.</source>
        <translation>Geben Sie eine E-Mail-Adresse an, um diese Aufnahme zu senden.</translation>
    </message>
    <message>
        <source>Choose the call type to send this recording.</source>
        <translation>Wählen Sie die Art des Anrufs, um diese Aufnahme zu senden.</translation>
    </message>
    <message>
        <source>That email address doesn&apos;t look right.</source>
        <translation>Diese E-Mail-Adresse sieht nicht richtig aus.</translation>
    </message>
    <message>
        <source>Enter a full email address, such as john@acme.com.</source>
        <translation>Geben Sie eine vollständige E-Mail-Adresse an, etwa john@acme.com.</translation>
    </message>
    <message>
        <source>This call type is not on your company&apos;s list. Choose another.</source>
        <translation>Diese Art steht nicht auf der Liste Ihrer Firma. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>This is too long; 200 characters are the limit.</source>
        <translation>Das ist zu lang; mehr als 200 Zeichen gehen nicht.</translation>
    </message>
    <message>
        <source>This call is already registered, so it can&apos;t be taken back any more.</source>
        <translation>Dieser Anruf ist schon eingetragen und lässt sich nicht mehr zurückholen.</translation>
    </message>
    <message>
        <source>Some call details are missing.</source>
        <translation>Es fehlen noch Angaben zum Anruf.</translation>
    </message>
    <message>
        <source>Something seems wrong with this recording. Look at it, then send it anyway.</source>
        <translation>Mit dieser Aufnahme scheint etwas nicht zu stimmen. Sehen Sie nach und senden Sie sie dann trotzdem.</translation>
    </message>
    <message>
        <source>This recording was sent before. Look at it, then send it again if you want to.</source>
        <translation>Diese Aufnahme wurde schon gesendet. Sehen Sie nach und senden Sie sie noch einmal, wenn Sie möchten.</translation>
    </message>
    <message>
        <source>That is another recording. Please show us the one that was moved.</source>
        <translation>Das ist eine andere Aufnahme. Bitte zeigen Sie uns die, die verschoben wurde.</translation>
    </message>
    <message>
        <source>This file can&apos;t be sent.</source>
        <translation>Diese Datei kann nicht gesendet werden.</translation>
    </message>
    <message>
        <source>This call is not on this computer.</source>
        <translation>Dieser Anruf ist nicht auf diesem Computer.</translation>
    </message>
    <message>
        <source>Not sent yet. It is kept on this computer and goes on the next time.</source>
        <translation>Noch nicht gesendet. Er bleibt auf diesem Computer und geht beim nächsten Mal weiter.</translation>
    </message>
    <message>
        <source>That is not possible while the call is under way.</source>
        <translation>Das geht nicht, solange der Anruf unterwegs ist.</translation>
    </message>
    <message>
        <source>Removing…</source>
        <translation>Wird entfernt…</translation>
    </message>
    <message>
        <source>Uploaded, waiting to register</source>
        <translation>Hochgeladen, wartet auf Eintrag</translation>
    </message>
    <message>
        <source>Registered, waiting for the queue</source>
        <translation>Eingetragen, wartet auf Einreihung</translation>
    </message>
    <message>
        <source>Didn&apos;t match, starting again</source>
        <translation>Stimmt nicht, beginnt neu</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ging schief</translation>
    </message>
    <message>
        <source>Waiting for your recorder to finish this file. It will be sent by itself.</source>
        <translation>Wartet, bis Ihr Rekorder diese Datei fertig geschrieben hat. Sie wird dann von selbst gesendet.</translation>
    </message>
    <message>
        <source>Not an audio recording</source>
        <translation>Keine Tonaufnahme</translation>
    </message>
    <message>
        <source>Too large</source>
        <translation>Zu groß</translation>
    </message>
    <message>
        <source>Empty file</source>
        <translation>Leere Datei</translation>
    </message>
    <message>
        <source>Can&apos;t be read</source>
        <translation>Nicht lesbar</translation>
    </message>
    <message>
        <source>This is a video</source>
        <translation>Das ist ein Video</translation>
    </message>
    <message>
        <source>Protected</source>
        <translation>Geschützt</translation>
    </message>
    <message>
        <source>A web page, not a recording</source>
        <translation>Webseite statt Aufnahme</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>Nicht gefunden</translation>
    </message>
    <message>
        <source>Not allowed to read</source>
        <translation>Lesen nicht erlaubt</translation>
    </message>
    <message>
        <source>Not a file</source>
        <translation>Keine Datei</translation>
    </message>
    <message>
        <source>Broken shortcut</source>
        <translation>Kaputte Verknüpfung</translation>
    </message>
    <message>
        <source>Your recorder is still writing this file. Send it when you like; it goes once it is complete.</source>
        <translation>Ihr Rekorder schreibt diese Datei noch. Senden Sie sie, wann Sie möchten; sie geht ab, sobald sie vollständig ist.</translation>
    </message>
    <message>
        <source>Waiting for the recorder</source>
        <translation>Wartet auf den Rekorder</translation>
    </message>
    <message>
        <source>In use by another program</source>
        <translation>Von anderem Programm benutzt</translation>
    </message>
    <message>
        <source>Still in the cloud</source>
        <translation>Noch in der Cloud</translation>
    </message>
    <message>
        <source>Drive disconnected</source>
        <translation>Laufwerk getrennt</translation>
    </message>
    <message>
        <source>File not found</source>
        <translation>Datei nicht gefunden</translation>
    </message>
    <message>
        <source>Changed, starting again</source>
        <translation>Geändert, beginnt neu</translation>
    </message>
    <message>
        <source>Keeps changing</source>
        <translation>Ändert sich noch</translation>
    </message>
    <message>
        <source>Waiting for the network</source>
        <translation>Wartet auf das Netzwerk</translation>
    </message>
    <message>
        <source>Reconnecting…</source>
        <translation>Neu verbinden…</translation>
    </message>
    <message>
        <source>Storage is busy</source>
        <translation>Speicher ausgelastet</translation>
    </message>
    <message>
        <source>Sending a part again</source>
        <translation>Sendet einen Teil neu</translation>
    </message>
    <message>
        <source>Expired, starting again</source>
        <translation>Abgelaufen, beginnt neu</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Neu anmelden</translation>
    </message>
    <message>
        <source>No keys yet</source>
        <translation>Noch keine Schlüssel</translation>
    </message>
    <message>
        <source>Keychain locked</source>
        <translation>Schlüsselbund gesperrt</translation>
    </message>
    <message>
        <source>Access denied</source>
        <translation>Zugriff verweigert</translation>
    </message>
    <message>
        <source>Wrong storage address</source>
        <translation>Falsche Speicheradresse</translation>
    </message>
    <message>
        <source>Encryption not allowed</source>
        <translation>Verschlüsselung nicht erlaubt</translation>
    </message>
    <message>
        <source>Untrusted certificate</source>
        <translation>Zertifikat nicht vertraut</translation>
    </message>
    <message>
        <source>Proxy needs a password</source>
        <translation>Proxy verlangt Passwort</translation>
    </message>
    <message>
        <source>Blocked by the network</source>
        <translation>Vom Netzwerk gesperrt</translation>
    </message>
    <message>
        <source>Clock is wrong</source>
        <translation>Uhr geht falsch</translation>
    </message>
    <message>
        <source>Not registered</source>
        <translation>Nicht eingetragen</translation>
    </message>
    <message>
        <source>Not queued</source>
        <translation>Nicht eingereiht</translation>
    </message>
    <message>
        <source>Refused by storage</source>
        <translation>Vom Speicher abgelehnt</translation>
    </message>
    <message>
        <source>Copy didn&apos;t match</source>
        <translation>Kopie stimmte nicht</translation>
    </message>
</context>
<context>
    <name>Notifications</name>
    <message numerus="yes">
        <source>%n calls need you</source>
        <translation>
            <numerusform>%n Anruf braucht Sie</numerusform>
            <numerusform>%n Anrufe brauchen Sie</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} needs you</source>
        <translation>{name} braucht Sie</translation>
    </message>
    <message>
        <source>Add the call details to send it.</source>
        <translation>Ergänzen Sie die Angaben zum Anruf, um sie zu senden.</translation>
    </message>
    <message numerus="yes">
        <source>%n new recordings</source>
        <translation>
            <numerusform>%n neue Aufnahme</numerusform>
            <numerusform>%n neue Aufnahmen</numerusform>
        </translation>
    </message>
    <message>
        <source>New recording: {name}</source>
        <translation>Neue Aufnahme: {name}</translation>
    </message>
    <message>
        <source>They have arrived; the transcripts will begin shortly.</source>
        <translation>Sie sind angekommen; die Transkripte beginnen in Kürze.</translation>
    </message>
    <message>
        <source>{name} has arrived; the transcript will begin shortly.</source>
        <translation>{name} ist angekommen; das Transkript beginnt in Kürze.</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) sent</source>
        <translation>
            <numerusform>%n Anruf gesendet</numerusform>
            <numerusform>%n Anrufe gesendet</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OrderButton</name>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Älteste zuerst</translation>
    </message>
    <message>
        <source>By company</source>
        <translation>Nach Firma</translation>
    </message>
    <message>
        <source>By call type</source>
        <translation>Nach Art des Anrufs</translation>
    </message>
    <message>
        <source>By file name</source>
        <translation>Nach Dateiname</translation>
    </message>
    <message>
        <source>Largest first</source>
        <translation>Größte zuerst</translation>
    </message>
    <message>
        <source>Order: {order}</source>
        <translation>Reihenfolge: {order}</translation>
    </message>
</context>
<context>
    <name>OverallProgress</name>
    <message>
        <source>{percent}%</source>
        <translation>{percent} %</translation>
    </message>
</context>
<context>
    <name>ProfileFields</name>
    <message>
        <source>Set by your company. Passwords and keys are kept in this computer&apos;s keychain, never in a file.</source>
        <translation>Von Ihrer Firma festgelegt. Passwörter und Schlüssel liegen im Schlüsselbund dieses Computers, nie in einer Datei.</translation>
    </message>
    <message>
        <source>Filled in from {file}. Passwords and keys are kept in this computer&apos;s keychain, never in a file.</source>
        <translation>Ausgefüllt aus {file}. Passwörter und Schlüssel liegen im Schlüsselbund dieses Computers, nie in einer Datei.</translation>
    </message>
    <message>
        <source>••••••••••••{end}   until you close the app</source>
        <translation>••••••••••••{end}   bis zum Schließen der App</translation>
    </message>
    <message>
        <source>••••••••••••{end}   stored in keychain</source>
        <translation>••••••••••••{end}   im Schlüsselbund</translation>
    </message>
    <message>
        <source>Internet proxy, if it asks (name:password)</source>
        <translation>Internet-Proxy, falls er fragt (Name:Passwort)</translation>
    </message>
    <message>
        <source>Your company&apos;s server</source>
        <translation>Server Ihrer Firma</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>Storage (S3)</source>
        <translation>Speicher (S3)</translation>
    </message>
    <message>
        <source>Access key</source>
        <translation>Zugriffsschlüssel</translation>
    </message>
    <message>
        <source>Secret key</source>
        <translation>Geheimer Schlüssel</translation>
    </message>
    <message>
        <source>from the AWS configuration of this computer</source>
        <translation>aus der AWS-Konfiguration dieses Computers</translation>
    </message>
    <message>
        <source>made by the sandbox</source>
        <translation>von der Sandbox erzeugt</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Call records (MongoDB)</source>
        <translation>Anrufliste (MongoDB)</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Password of the certificate&apos;s key, if it has one</source>
        <translation>Passwort des Schlüssels zum Zertifikat, falls es eins hat</translation>
    </message>
    <message>
        <source>Transcription queue (SQS)</source>
        <translation>Warteschlange für Transkripte (SQS)</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>nicht gesetzt</translation>
    </message>
</context>
<context>
    <name>QueuePage</name>
    <message>
        <source>What you changed was not saved.</source>
        <translation>Was Sie geändert haben, wurde nicht gespeichert.</translation>
    </message>
</context>
<context>
    <name>QueueSummary</name>
    <message>
        <source>You are offline.</source>
        <translation>Sie sind offline.</translation>
    </message>
    <message>
        <source>Paused to save mobile data.</source>
        <translation>Angehalten, um mobile Daten zu sparen.</translation>
    </message>
    <message>
        <source>1 call is kept here and will be sent when you are back online.</source>
        <translation>1 Anruf wird hier aufbewahrt und gesendet, sobald Sie wieder online sind.</translation>
    </message>
    <message numerus="yes">
        <source>%n calls are kept here and will be sent when you are back online.</source>
        <translation>
            <numerusform>%n Anruf wird hier aufbewahrt und gesendet, sobald Sie wieder online sind.</numerusform>
            <numerusform>%n Anrufe werden hier aufbewahrt und gesendet, sobald Sie wieder online sind.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n uploading</source>
        <translation>
            <numerusform>%n wird hochgeladen</numerusform>
            <numerusform>%n werden hochgeladen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registering</source>
        <translation>
            <numerusform>%n wird eingetragen</numerusform>
            <numerusform>%n werden eingetragen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n wartet</numerusform>
            <numerusform>%n warten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n paused</source>
        <translation>
            <numerusform>%n angehalten</numerusform>
            <numerusform>%n angehalten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n being checked</source>
        <translation>
            <numerusform>%n in Prüfung</numerusform>
            <numerusform>%n in Prüfung</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n ready</source>
        <translation>
            <numerusform>%n bereit</numerusform>
            <numerusform>%n bereit</numerusform>
        </translation>
    </message>
    <message>
        <source>1 needs you</source>
        <translation>1 braucht Sie</translation>
    </message>
    <message numerus="yes">
        <source>%n need you</source>
        <translation>
            <numerusform>%n braucht Sie</numerusform>
            <numerusform>%n brauchen Sie</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n being removed</source>
        <translation>
            <numerusform>%n wird entfernt</numerusform>
            <numerusform>%n werden entfernt</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused: new calls wait until you resume</source>
        <translation>Angehalten: Neue Anrufe warten, bis Sie fortsetzen</translation>
    </message>
    <message>
        <source>Version {version} is available</source>
        <translation>Version {version} ist verfügbar</translation>
    </message>
    <message>
        <source>Nothing waiting</source>
        <translation>Nichts wartet</translation>
    </message>
    <message>
        <source>{place}, not checked yet</source>
        <translation>{place}, noch nicht geprüft</translation>
    </message>
    <message>
        <source>Connected to {place}, checked at {time}</source>
        <translation>Verbunden mit {place}, geprüft um {time}</translation>
    </message>
    <message>
        <source>1 needs details</source>
        <translation>1 braucht Angaben</translation>
    </message>
    <message numerus="yes">
        <source>%n need details</source>
        <translation>
            <numerusform>%n braucht Angaben</numerusform>
            <numerusform>%n brauchen Angaben</numerusform>
        </translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Startet…</translation>
    </message>
    <message>
        <source>Offline since {time}</source>
        <translation>Offline seit {time}</translation>
    </message>
    <message>
        <source>Paused to save mobile data</source>
        <translation>Angehalten, um mobile Daten zu sparen</translation>
    </message>
    <message>
        <source>Connected to {place}</source>
        <translation>Verbunden mit {place}</translation>
    </message>
</context>
<context>
    <name>ReconciliationConsole</name>
    <message>
        <source>day (UTC)</source>
        <translation>Tag (UTC)</translation>
    </message>
    <message>
        <source>call id</source>
        <translation>Anruf-ID</translation>
    </message>
    <message>
        <source>why</source>
        <translation>warum</translation>
    </message>
    <message>
        <source>since (UTC)</source>
        <translation>seit (UTC)</translation>
    </message>
    <message>
        <source>sent by</source>
        <translation>gesendet von</translation>
    </message>
    <message>
        <source>detail</source>
        <translation>Einzelheit</translation>
    </message>
    <message>
        <source>result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>{day}: no report, because not everything could be read.</source>
        <translation>{day}: kein Bericht, weil nicht alles gelesen werden konnte.</translation>
    </message>
</context>
<context>
    <name>ReconciliationPage</name>
    <message>
        <source>CallUp operator</source>
        <translation>CallUp-Betrieb</translation>
    </message>
    <message>
        <source>Calls of {day} {year}</source>
        <translation>Anrufe vom {day} {year}</translation>
    </message>
    <message>
        <source>The calls below fall out. Each is told once for each difference.</source>
        <translation>Die Anrufe unten fallen heraus. Jeder steht einmal für jede Abweichung da.</translation>
    </message>
    <message>
        <source>Nothing of a call was sent on this day.</source>
        <translation>An diesem Tag wurde nichts von einem Anruf gesendet.</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) still under way, with time for it.</source>
        <translation>
            <numerusform>%n Anruf ist noch unterwegs und hat Zeit dafür.</numerusform>
            <numerusform>%n Anrufe sind noch unterwegs und haben Zeit dafür.</numerusform>
        </translation>
    </message>
    <message>
        <source>Every call that was sent is stored, registered, announced and transcribed.</source>
        <translation>Jeder gesendete Anruf ist gespeichert, registriert, angekündigt und transkribiert.</translation>
    </message>
    <message>
        <source>by laptops and dialers</source>
        <translation>von Laptops und Wählprogrammen</translation>
    </message>
    <message>
        <source>in the bucket</source>
        <translation>im Bucket</translation>
    </message>
    <message>
        <source>in the call list</source>
        <translation>in der Anrufliste</translation>
    </message>
    <message>
        <source>through the queue</source>
        <translation>über die Warteschlange</translation>
    </message>
    <message>
        <source>by the pipeline</source>
        <translation>von der Verarbeitung</translation>
    </message>
    <message numerus="yes">
        <source>%n fewer</source>
        <translation>
            <numerusform>%n weniger</numerusform>
            <numerusform>%n weniger</numerusform>
        </translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Day (UTC)</source>
        <translation>Tag (UTC)</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Day before</source>
        <translation>Tag davor</translation>
    </message>
    <message>
        <source>Day after</source>
        <translation>Tag danach</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Anruf</translation>
    </message>
    <message>
        <source>Since (UTC)</source>
        <translation>Seit (UTC)</translation>
    </message>
    <message>
        <source>Sent by</source>
        <translation>Gesendet von</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Einzelheit</translation>
    </message>
    <message numerus="yes">
        <source>%n more are not listed here: callup reconcile --json tells all.</source>
        <translation>
            <numerusform>%n weitere steht nicht hier: callup reconcile --json nennt alle.</numerusform>
            <numerusform>%n weitere stehen nicht hier: callup reconcile --json nennt alle.</numerusform>
        </translation>
    </message>
    <message>
        <source>Compared at {time} UTC. Within a minute a reload shows the same.</source>
        <translation>Verglichen um {time} UTC. Binnen einer Minute zeigt erneutes Laden dasselbe.</translation>
    </message>
    <message>
        <source>The same as JSON</source>
        <translation>Dasselbe als JSON</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>Wird verglichen…</translation>
    </message>
    <message>
        <source>This page shows the day as soon as it is compared.</source>
        <translation>Diese Seite zeigt den Tag, sobald er verglichen ist.</translation>
    </message>
    <message>
        <source>Please sign in</source>
        <translation>Bitte melden Sie sich an</translation>
    </message>
    <message>
        <source>Your browser asks for a name and a password. Any name will do; the password is your token for the gateway, with the role calls:operate. Reload this page to be asked again.</source>
        <translation>Ihr Browser fragt nach einem Namen und einem Passwort. Jeder Name ist recht; das Passwort ist Ihr Token für das Gateway mit der Rolle calls:operate. Laden Sie diese Seite neu, um noch einmal gefragt zu werden.</translation>
    </message>
    <message>
        <source>No report: not everything could be read</source>
        <translation>Kein Bericht: Nicht alles konnte gelesen werden</translation>
    </message>
    <message>
        <source>That is no day. Days look like 2026-11-27.</source>
        <translation>Das ist kein Tag. Tage sehen so aus: 2026-11-27.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
</context>
<context>
    <name>ReconciliationWriter</name>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Registered</source>
        <translation>Registriert</translation>
    </message>
    <message>
        <source>Announced</source>
        <translation>Angekündigt</translation>
    </message>
    <message>
        <source>Transcribed</source>
        <translation>Transkribiert</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>Unterwegs</translation>
    </message>
    <message numerus="yes">
        <source>%n difference(s)</source>
        <translation>
            <numerusform>%n Abweichung</numerusform>
            <numerusform>%n Abweichungen</numerusform>
        </translation>
    </message>
    <message>
        <source>No calls</source>
        <translation>Keine Anrufe</translation>
    </message>
    <message>
        <source>All agree so far</source>
        <translation>Bisher stimmt alles überein</translation>
    </message>
    <message>
        <source>All agree</source>
        <translation>Alles stimmt überein</translation>
    </message>
    <message numerus="yes">
        <source>stored: %n byte(s)</source>
        <translation>
            <numerusform>gespeichert: %n Byte</numerusform>
            <numerusform>gespeichert: %n Bytes</numerusform>
        </translation>
    </message>
    <message>
        <source>stored: {stored}, registered: {registered}</source>
        <translation>gespeichert: {stored}, registriert: {registered}</translation>
    </message>
    <message>
        <source>status: {status}</source>
        <translation>Status: {status}</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n weitere</numerusform>
            <numerusform>%n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>Stored, not registered</source>
        <translation>Gespeichert, nicht registriert</translation>
    </message>
    <message>
        <source>The recording is stored, but not in the call list. Its laptop still has to register it.</source>
        <translation>Die Aufnahme ist gespeichert, steht aber nicht in der Anrufliste. Ihr Laptop muss sie noch registrieren.</translation>
    </message>
    <message>
        <source>Recording missing</source>
        <translation>Aufnahme fehlt</translation>
    </message>
    <message>
        <source>The call list names a recording that is not stored: it was deleted, or its time is over.</source>
        <translation>Die Anrufliste nennt eine Aufnahme, die nicht gespeichert ist: Sie wurde gelöscht, oder ihre Zeit ist abgelaufen.</translation>
    </message>
    <message>
        <source>Size differs</source>
        <translation>Größe weicht ab</translation>
    </message>
    <message>
        <source>The stored recording has another size than the one that was sent.</source>
        <translation>Die gespeicherte Aufnahme hat eine andere Größe als die gesendete.</translation>
    </message>
    <message>
        <source>Content differs</source>
        <translation>Inhalt weicht ab</translation>
    </message>
    <message>
        <source>The stored recording is not the one whose checksum was verified. Somebody wrote over it.</source>
        <translation>Die gespeicherte Aufnahme ist nicht die, deren Prüfsumme geprüft wurde. Jemand hat sie überschrieben.</translation>
    </message>
    <message>
        <source>Gone from the call list</source>
        <translation>Nicht mehr in der Anrufliste</translation>
    </message>
    <message>
        <source>The gateway registered the call, and the call list no longer has it.</source>
        <translation>Das Gateway hat den Anruf registriert, und die Anrufliste enthält ihn nicht mehr.</translation>
    </message>
    <message>
        <source>Registered twice</source>
        <translation>Doppelt registriert</translation>
    </message>
    <message>
        <source>Several entries of the call list name the same recording.</source>
        <translation>Mehrere Einträge der Anrufliste nennen dieselbe Aufnahme.</translation>
    </message>
    <message>
        <source>Not announced</source>
        <translation>Nicht angekündigt</translation>
    </message>
    <message>
        <source>Its message still waits at the gateway. Look at the queue, and at the gateway&apos;s log.</source>
        <translation>Seine Nachricht wartet noch am Gateway. Sehen Sie nach der Warteschlange und ins Protokoll des Gateways.</translation>
    </message>
    <message>
        <source>Not taken up</source>
        <translation>Nicht aufgegriffen</translation>
    </message>
    <message>
        <source>The pipeline has not begun with it within an hour. Look at the transcription worker; the gateway sends the message again by itself, a laptop with: callup announce.</source>
        <translation>Die Verarbeitung hat binnen einer Stunde nicht damit begonnen. Sehen Sie nach dem Transkriptionsdienst; das Gateway sendet die Nachricht von selbst noch einmal, ein Laptop mit: callup announce.</translation>
    </message>
    <message>
        <source>Stuck</source>
        <translation>Hängt fest</translation>
    </message>
    <message>
        <source>The pipeline began with it, and has not moved for six hours.</source>
        <translation>Die Verarbeitung hat damit begonnen und sich seit sechs Stunden nicht bewegt.</translation>
    </message>
    <message>
        <source>Processing failed</source>
        <translation>Verarbeitung fehlgeschlagen</translation>
    </message>
    <message>
        <source>The pipeline gave up on it.</source>
        <translation>Die Verarbeitung hat ihn aufgegeben.</translation>
    </message>
    <message>
        <source>Upload not finished</source>
        <translation>Upload nicht beendet</translation>
    </message>
    <message>
        <source>It goes on by itself once its laptop is back. Storage forgets it after the days of its rule.</source>
        <translation>Er geht von selbst weiter, sobald der Laptop wieder da ist. Der Speicher vergisst ihn nach den Tagen seiner Regel.</translation>
    </message>
    <message>
        <source>Left at the gateway</source>
        <translation>Am Gateway liegen geblieben</translation>
    </message>
    <message>
        <source>The gateway could neither finish nor remove it. Its log tells why, by the call&apos;s id.</source>
        <translation>Das Gateway konnte ihn weder beenden noch entfernen. Sein Protokoll sagt unter der Anruf-ID, warum.</translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message>
        <source>Copy for IT</source>
        <translation>Für die IT kopieren</translation>
    </message>
    <message>
        <source>Report for IT</source>
        <translation>Bericht für die IT</translation>
    </message>
    <message>
        <source>This is what will be copied. Keys and passwords are not in it.</source>
        <translation>Das wird kopiert. Schlüssel und Passwörter sind nicht darin.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>Bericht speichern…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>RowWriter</name>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Send anyway</source>
        <translation>Trotzdem senden</translation>
    </message>
    <message>
        <source>Use Zoom&apos;s sound</source>
        <translation>Zooms Ton nehmen</translation>
    </message>
    <message>
        <source>Find the file…</source>
        <translation>Datei suchen…</translation>
    </message>
    <message>
        <source>Edit details</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Copy call ID</source>
        <translation>ID kopieren</translation>
    </message>
    <message>
        <source>Queue again</source>
        <translation>Erneut einreihen</translation>
    </message>
    <message>
        <source>Show file</source>
        <translation>Datei zeigen</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Refresh status</source>
        <translation>Status aktualisieren</translation>
    </message>
    <message>
        <source>Copy for IT…</source>
        <translation>Für die IT kopieren…</translation>
    </message>
    <message>
        <source>Open transcript</source>
        <translation>Transkript öffnen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>sound: {size}</source>
        <translation>Ton: {size}</translation>
    </message>
    <message>
        <source>{percent}%</source>
        <translation>{percent} %</translation>
    </message>
    <message>
        <source>{percent}% kept</source>
        <translation>{percent} % gesichert</translation>
    </message>
    <message>
        <source>both channels are the same, so they don&apos;t tell the speakers apart</source>
        <translation>beide Kanäle sind gleich, sie unterscheiden die Sprecher also nicht</translation>
    </message>
    <message>
        <source>one channel only; one voice a channel is transcribed better</source>
        <translation>nur ein Kanal; eine Stimme je Kanal wird besser abgeschrieben</translation>
    </message>
    <message>
        <source>Send it again</source>
        <translation>Noch einmal senden</translation>
    </message>
    <message>
        <source>Send it twice</source>
        <translation>Zweimal senden</translation>
    </message>
</context>
<context>
    <name>SavedFile</name>
    <message>
        <source>Saved: {name}</source>
        <translation>Gespeichert: {name}</translation>
    </message>
    <message>
        <source>{name} could not be saved: {reason}.</source>
        <translation>{name} konnte nicht gespeichert werden: {reason}.</translation>
    </message>
</context>
<context>
    <name>SecretWriter</name>
    <message>
        <source>This is longer than a keychain takes. Is it the right value?</source>
        <translation>Das ist länger, als ein Schlüsselbund aufnimmt. Ist es der richtige Wert?</translation>
    </message>
    <message>
        <source>This holds characters that no key or password has, or nothing at all. Is it the right value?</source>
        <translation>Das enthält Zeichen, die kein Schlüssel oder Passwort hat, oder gar nichts. Ist es der richtige Wert?</translation>
    </message>
    <message>
        <source>No keychain of this computer takes it, so it was not kept.</source>
        <translation>Kein Schlüsselbund dieses Computers nimmt es auf; es wurde nicht gespeichert.</translation>
    </message>
    <message>
        <source>There is no value called {name}; there are {known}.</source>
        <translation>Es gibt keinen Wert namens {name}; es gibt {known}.</translation>
    </message>
</context>
<context>
    <name>SentExport</name>
    <message>
        <source>No calls were sent yet.</source>
        <translation>Es wurden noch keine Anrufe gesendet.</translation>
    </message>
    <message>
        <source>Export sent calls</source>
        <translation>Gesendete Anrufe exportieren</translation>
    </message>
    <message>
        <source>sent calls.csv</source>
        <translation>Gesendete Anrufe.csv</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Limit the upload speed</source>
        <translation>Upload-Geschwindigkeit begrenzen</translation>
    </message>
    <message>
        <source> MB/s</source>
        <translation> MB/s</translation>
    </message>
    <message>
        <source>Upload speed limit in megabytes a second</source>
        <translation>Höchste Upload-Geschwindigkeit in Megabyte pro Sekunde</translation>
    </message>
    <message>
        <source>Recordings sent at once</source>
        <translation>Gleichzeitig gesendete Aufnahmen</translation>
    </message>
    <message>
        <source>Start CallUp when I sign in</source>
        <translation>CallUp beim Anmelden starten</translation>
    </message>
    <message>
        <source>Keep the computer awake while sending</source>
        <translation>Computer während des Sendens wach halten</translation>
    </message>
    <message>
        <source>Notify me when calls are sent or need me</source>
        <translation>Benachrichtigen, wenn Anrufe gesendet sind oder mich brauchen</translation>
    </message>
    <message>
        <source>Set by your company</source>
        <translation>Von Ihrer Firma festgelegt</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Dieser Computer</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Folder of the logs</source>
        <translation>Ordner der Protokolle</translation>
    </message>
    <message>
        <source>Show logs</source>
        <translation>Protokolle zeigen</translation>
    </message>
    <message>
        <source>Copy for IT…</source>
        <translation>Für die IT kopieren…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>SignInWriter</name>
    <message>
        <source>You are signed in</source>
        <translation>Sie sind angemeldet</translation>
    </message>
    <message>
        <source>You can close this page and go back to CallUp.</source>
        <translation>Sie können diese Seite schließen und zu CallUp zurückkehren.</translation>
    </message>
    <message>
        <source>That didn&apos;t work</source>
        <translation>Das hat nicht geklappt</translation>
    </message>
    <message>
        <source>Go back to CallUp: it says why.</source>
        <translation>Zurück zu CallUp: Dort steht, warum.</translation>
    </message>
    <message>
        <source>Sign in on the page that your browser shows. We wait for that.</source>
        <translation>Melden Sie sich auf der Seite an, die Ihr Browser zeigt. Wir warten darauf.</translation>
    </message>
    <message>
        <source>Sign in with a browser on this computer:
{url}</source>
        <translation>Melden Sie sich mit einem Browser auf diesem Computer an:
{url}</translation>
    </message>
    <message>
        <source>This profile needs no sign-in.</source>
        <translation>Dieses Profil braucht keine Anmeldung.</translation>
    </message>
    <message>
        <source>You are signed in. Everything goes on by itself.</source>
        <translation>Sie sind angemeldet. Alles geht von selbst weiter.</translation>
    </message>
    <message>
        <source>You are signed in until CallUp ends: this computer&apos;s keychain keeps no such sign-in.</source>
        <translation>Sie sind angemeldet, bis CallUp endet: Der Schlüsselbund dieses Computers behält eine solche Anmeldung nicht.</translation>
    </message>
    <message>
        <source>You are signed out. Calls that are not sent stay here.</source>
        <translation>Sie sind abgemeldet. Anrufe, die noch nicht gesendet sind, bleiben hier.</translation>
    </message>
    <message>
        <source>You are signed out on this computer. Your company&apos;s sign-in was not told; IT can end it there.</source>
        <translation>Sie sind auf diesem Computer abgemeldet. Die Anmeldung Ihrer Firma weiß davon nichts; die IT kann sie dort beenden.</translation>
    </message>
    <message>
        <source>Nobody has signed in.</source>
        <translation>Niemand hat sich angemeldet.</translation>
    </message>
    <message>
        <source>The browser brought no answer. Please sign in again.</source>
        <translation>Der Browser hat keine Antwort gebracht. Bitte melden Sie sich erneut an.</translation>
    </message>
</context>
<context>
    <name>Stages</name>
    <message>
        <source>Removing…</source>
        <translation>Wird entfernt…</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Saving details…</source>
        <translation>Angaben werden gespeichert…</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Wird geprüft…</translation>
    </message>
    <message>
        <source>Sent before</source>
        <translation>Schon gesendet</translation>
    </message>
    <message>
        <source>In the list already</source>
        <translation>Schon in der Liste</translation>
    </message>
    <message>
        <source>Nothing to hear</source>
        <translation>Nichts zu hören</translation>
    </message>
    <message>
        <source>Seems cut off</source>
        <translation>Scheint abgeschnitten</translation>
    </message>
    <message>
        <source>Needs call details</source>
        <translation>Braucht Angaben</translation>
    </message>
    <message>
        <source>Ready to send</source>
        <translation>Bereit zum Senden</translation>
    </message>
    <message>
        <source>Uploaded, waiting to register</source>
        <translation>Hochgeladen, wartet auf Eintrag</translation>
    </message>
    <message>
        <source>Registered, waiting to save details</source>
        <translation>Eingetragen, Angaben warten</translation>
    </message>
    <message>
        <source>Registered, waiting for the queue</source>
        <translation>Eingetragen, wartet auf Einreihung</translation>
    </message>
    <message>
        <source>Waiting to go on</source>
        <translation>Wartet aufs Weitermachen</translation>
    </message>
    <message>
        <source>Waiting to start</source>
        <translation>Wartet auf den Beginn</translation>
    </message>
    <message>
        <source>Queueing for transcription…</source>
        <translation>Wird zur Transkription eingereiht…</translation>
    </message>
    <message>
        <source>Registering call…</source>
        <translation>Anruf wird eingetragen…</translation>
    </message>
    <message>
        <source>Finishing upload…</source>
        <translation>Upload wird abgeschlossen…</translation>
    </message>
    <message>
        <source>Uploading</source>
        <translation>Lädt hoch</translation>
    </message>
    <message>
        <source>Processing failed</source>
        <translation>Verarbeitung gescheitert</translation>
    </message>
    <message>
        <source>Transcribing</source>
        <translation>Wird transkribiert</translation>
    </message>
    <message>
        <source>Transcribed</source>
        <translation>Transkribiert</translation>
    </message>
    <message>
        <source>Analyzing</source>
        <translation>Wird ausgewertet</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Not in the call list</source>
        <translation>Nicht in der Anrufliste</translation>
    </message>
</context>
<context>
    <name>StartErrorDialog</name>
    <message>
        <source>Copy for IT</source>
        <translation>Für die IT kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>CallUp can&apos;t start</source>
        <translation>CallUp kann nicht starten</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Pause all</source>
        <translation>Alle anhalten</translation>
    </message>
    <message>
        <source>Resume all</source>
        <translation>Alle fortsetzen</translation>
    </message>
    <message>
        <source>Menu: connection, settings, help</source>
        <translation>Menü: Verbindung, Einstellungen, Hilfe</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
</context>
<context>
    <name>StatusPoller</name>
    <message>
        <source>The statuses can&apos;t be read at the moment. They follow by themselves.</source>
        <translation>Der Status kann gerade nicht gelesen werden. Er folgt von selbst.</translation>
    </message>
</context>
<context>
    <name>TabStrip</name>
    <message>
        <source>In progress</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>Braucht Sie</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
</context>
<context>
    <name>Transcripts</name>
    <message>
        <source>The transcript of {name} is ready</source>
        <translation>Das Transkript von {name} ist fertig</translation>
    </message>
    <message numerus="yes">
        <source>%n transcripts are ready</source>
        <translation>
            <numerusform>%n Transkript ist fertig</numerusform>
            <numerusform>%n Transkripte sind fertig</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Open CallUp</source>
        <translation>CallUp öffnen</translation>
    </message>
    <message>
        <source>Pause all</source>
        <translation>Alle anhalten</translation>
    </message>
    <message>
        <source>Resume all</source>
        <translation>Alle fortsetzen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
</context>
<context>
    <name>UndoRemove</name>
    <message>
        <source>{name} was removed.</source>
        <translation>{name} wurde entfernt.</translation>
    </message>
    <message numerus="yes">
        <source>%n calls were removed.</source>
        <translation>
            <numerusform>%n Anruf wurde entfernt.</numerusform>
            <numerusform>%n Anrufe wurden entfernt.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Units</name>
    <message>
        <source>{number} GB</source>
        <translation>{number} GB</translation>
    </message>
    <message>
        <source>{number} MB</source>
        <translation>{number} MB</translation>
    </message>
    <message>
        <source>{number} KB</source>
        <translation>{number} KB</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n Byte</numerusform>
            <numerusform>%n Byte</numerusform>
        </translation>
    </message>
    <message>
        <source>{number} MB/s</source>
        <translation>{number} MB/s</translation>
    </message>
    <message>
        <source>{number} KB/s</source>
        <translation>{number} KB/s</translation>
    </message>
    <message>
        <source>a few seconds left</source>
        <translation>noch wenige Sekunden</translation>
    </message>
    <message numerus="yes">
        <source>%n s left</source>
        <translation>
            <numerusform>noch %n s</numerusform>
            <numerusform>noch %n s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %n min left</source>
        <translation>
            <numerusform>noch etwa %n min</numerusform>
            <numerusform>noch etwa %n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %n h left</source>
        <translation>
            <numerusform>noch etwa %n h</numerusform>
            <numerusform>noch etwa %n h</numerusform>
        </translation>
    </message>
    <message>
        <source>about {hours} h {minutes} min left</source>
        <translation>noch etwa {hours} h {minutes} min</translation>
    </message>
    <message>
        <source>today {time}</source>
        <translation>heute {time}</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>gestern</translation>
    </message>
    <message>
        <source>{day}, {time}</source>
        <translation>{day}, {time}</translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n min</numerusform>
            <numerusform>%n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h</source>
        <translation>
            <numerusform>%n h</numerusform>
            <numerusform>%n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n Tag</numerusform>
            <numerusform>%n Tage</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WatchSettings</name>
    <message>
        <source>Add new recordings from this folder automatically</source>
        <translation>Neue Aufnahmen aus diesem Ordner automatisch hinzufügen</translation>
    </message>
    <message>
        <source>Watched folder</source>
        <translation>Beobachteter Ordner</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>Choose the watched folder</source>
        <translation>Beobachteten Ordner auswählen</translation>
    </message>
    <message>
        <source>{recorder} folder</source>
        <translation>Ordner von {recorder}</translation>
    </message>
    <message>
        <source>New recordings</source>
        <translation>Neue Aufnahmen</translation>
    </message>
    <message>
        <source>No folder is watched</source>
        <translation>Kein Ordner wird beobachtet</translation>
    </message>
    <message>
        <source>Finished recordings appear in the list. Nothing is sent until you send it.</source>
        <translation>Fertige Aufnahmen erscheinen in der Liste. Nichts wird gesendet, bevor Sie es senden.</translation>
    </message>
    <message>
        <source>Set by your company.</source>
        <translation>Von Ihrer Firma festgelegt.</translation>
    </message>
    <message>
        <source>Which folder do your recordings go to?</source>
        <translation>In welchen Ordner kommen Ihre Aufnahmen?</translation>
    </message>
    <message>
        <source>New recordings will be added from now on. Add the ones that are already in this folder, too?</source>
        <translation>Neue Aufnahmen werden ab jetzt hinzugefügt. Auch die hinzufügen, die schon in diesem Ordner sind?</translation>
    </message>
    <message>
        <source>Only new ones</source>
        <translation>Nur neue</translation>
    </message>
    <message>
        <source>Add them, too</source>
        <translation>Auch diese hinzufügen</translation>
    </message>
</context>
</TS>
