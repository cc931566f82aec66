<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Banner</name>
    <message>
        <source>Check again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy for IT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send anyway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open sign-in page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open Connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ConnectionPage</name>
    <message>
        <source>Import a .callup file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to calls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CallUp is not connected yet. Your IT department gives you a file that ends in .callup: import it here, or drop it on this window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filled in from {file}. Passwords and keys are kept in this computer&apos;s keychain, never in a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage (S3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Access key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Secret key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from the AWS configuration of this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>made by the sandbox</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Call records (MongoDB)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transcription queue (SQS)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a .callup file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CallUp profiles (*.callup *.toml)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>••••••••••••   stored in keychain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept in this computer&apos;s keychain.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>We aren&apos;t allowed to store your sign-in on this computer. You can continue until you close CallUp.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is longer than a keychain takes. Is it the right value?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock your keychain so we can sign in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file can&apos;t be used: {problems}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Connections</name>
    <message>
        <source>Not reachable: {hops}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything is reachable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keychain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Call records</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transcription queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keys can be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Agrees with the storage&apos;s clock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The way to storage is trusted by this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Can start, upload and abort a multipart upload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected in {milliseconds} ms, can insert</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected in {milliseconds} ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No network. Connect, then check again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No answer. Check the network, then check again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The call list does not answer, or this network blocks it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The queue does not answer, or this network blocks it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The call list refuses us.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The call list refuses the shape of our calls.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The queue refuses us.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The queue refuses our messages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage refuses us.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your admin needs to allow it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Deeds</name>
    <message numerus="yes">
        <source>%n call ID(s) copied.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Take %n call(s) off this list?</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The calls stay sent; only this list forgets them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Remove %n calls?</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>What was already sent is deleted from storage. The files on your computer stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was sent yet. The files on your computer stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where is {name} now?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DetailPane</name>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Drop call recordings here, or choose files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Choose files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop call recordings here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploads carry on in the background and pick up where they stopped, even after a restart.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MP3, WAV, M4A or FLAC, up to 1 GB each</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FormPane</name>
    <message>
        <source>Call details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send anyway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Company</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contact email</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Call type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Call type {kind}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>several values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>2 recordings selected. What you enter applies to both.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Upload %n calls</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recordings selected. What you enter applies to all.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{name}: {question}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggested from the file name:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Same as last time:</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Habits</name>
    <message>
        <source>This setting could not be kept: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message>
        <source>Save this attachment to your computer first, then drop it here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no MP3, WAV, M4A or FLAC recording in this folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Added %n recording(s) from this folder.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>CallUp Desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search calls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy for IT…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose recordings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recordings (*.mp3 *.wav *.m4a *.flac)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recordings that are still being checked are sent right after.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>This Wi-Fi needs you to sign in first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are offline.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused to save mobile data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 call is kept here and will be sent when you are back online.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n calls are kept here and will be sent when you are back online.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n uploading</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registering</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n paused</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 needs details</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n need details</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offline since {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused to save mobile data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected to {place}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message numerus="yes">
        <source>%n recording(s) still being sent.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Keep sending in the background, or quit and continue next time? Nothing is lost either way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit CallUp?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit, continue next time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploads go on in the background. Click this icon to come back; choose Quit to end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CallUp is still here</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QueuePage</name>
    <message>
        <source>Search calls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing in progress. Drop recordings above to begin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing needs you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No call has been sent yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No call matches this search.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message>
        <source>Copy for IT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report for IT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is what will be copied. Keys and passwords are not in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Rows</name>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send anyway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find the file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy call ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent}%</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent}% kept</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limit the upload speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> MB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload speed limit in megabytes a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recordings sent at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start CallUp when I sign in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the computer awake while sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notify me when calls are sent or need me</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of the logs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show logs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy for IT…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Pause all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu: connection, settings, help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Stories</name>
    <message>
        <source>Sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Audio file uploaded successfully. Processing will begin shortly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a call to see where it stands.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n calls selected</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The call has arrived. It is safe to close this window and to delete the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploaded, contents verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploaded, size verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Call registered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queued for transcription</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queue for transcription</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Uploading: {stored} of %n part(s) stored</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Uploading in one piece</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload in one piece</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Company</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contact</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Call type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Call ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stored at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checksum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next try</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>when the network is back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>when the trouble is solved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in a moment</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TabStrip</name>
    <message>
        <source>In progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Texts</name>
    <message>
        <source>This is a {kind} file. Please add an MP3, WAV, M4A or FLAC recording.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer isn&apos;t letting us read {folder}. Allow it in Settings, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The drive {drive} is disconnected. We&apos;ll go on when it is back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>We can&apos;t find {name} any more. Show us where it is, or remove it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your company&apos;s network is checking this connection with a certificate we don&apos;t trust ({issuer}). Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your computer&apos;s clock is {time} off. Please turn on automatic time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Getting this file from {provider}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>This recording is a little over {limit}, which is the limit. Export it as MP3 or M4A and add it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This recording is {size}; the limit is {limit}. Export it as MP3 or M4A and add it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong that we did not expect. Your recording is kept; please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This isn&apos;t a recording we can take. Please add an MP3, WAV, M4A or FLAC recording.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This recording is larger than the limit of 1 GB. Export it as MP3 or M4A and add it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file is empty. Check that the recording finished saving.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This recording can&apos;t be read. Try playing it; if it plays, export it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a video. We can only take the audio: export audio only, or ask IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file is protected and can&apos;t be uploaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a web page, not a recording. The download probably needed you to sign in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>We can&apos;t find this file any more. Add it again from where it is now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer isn&apos;t letting us read this file. Allow it in Settings, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This isn&apos;t a file we can read. Please add the recording itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This shortcut leads back to itself. Please add the recording itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file can&apos;t be read reliably. Copy it to another folder and add it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for your recorder to finish this file. It will be sent by itself.</source>
        <comment>unfinished file</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another program is using this file. We&apos;ll try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file is still in the cloud. Open its cloud program, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The drive with this file is disconnected. We&apos;ll go on when it is back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>We can&apos;t find this file any more. Show us where it is, or remove it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This recording changed while it was being sent, so we&apos;re starting it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It keeps changing. Is it still recording? Try again when it is finished.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part of this file can&apos;t be read reliably. Copy it to another folder and add it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You&apos;re offline. This recording will be sent when you&apos;re back online.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection dropped. Trying again in a moment; nothing is lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This Wi-Fi needs you to sign in first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your company&apos;s network is checking this connection with a certificate we don&apos;t trust. Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your company&apos;s internet proxy needs your password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your company&apos;s network is blocking our storage. Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage is busy. Trying again; nothing is lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part arrived damaged. Sending it again; nothing is lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The earlier part of this upload expired, so we&apos;re sending it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removing what was already sent. Trying again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent safely. Waiting to register the call; we keep trying.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered. Waiting to start the transcript; we keep trying.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Please sign in again to continue. Your uploads are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no keys for storage on this computer yet. Open Connection to add them, or ask IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock your keychain so we can sign in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your access has been switched off. Please ask IT; your recordings are kept on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You don&apos;t have permission to send recordings yet. Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage address in our settings is wrong. Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage encryption isn&apos;t set up for you yet. Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your computer&apos;s clock is wrong. Please turn on automatic time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your recording is safe in storage, but we couldn&apos;t register it. Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered, but transcription isn&apos;t reachable. Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered, but transcription didn&apos;t take it. Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage didn&apos;t take this recording. Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The copy in storage didn&apos;t match this recording, twice. Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer is almost out of space. Free 200 MB so we can keep track of your uploads.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>We can&apos;t write to our own folder on this computer. Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another program is using our upload list. We&apos;ll try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A newer version of this program was used here. Please install it again to see your calls.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The upload list can&apos;t be read. Please send this to IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is a {kind}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ask your admin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>We couldn&apos;t hear anything in this recording. Send it anyway?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This recording seems cut off. Send anyway, or find the full file?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This recording seems cut off at {stops_at} of {should_be}. Send anyway, or find the full file?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You already sent this recording on {day}. Send it again?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add the company name to send this recording.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a contact email to send this recording.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the call type to send this recording.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter a full email address, such as john@acme.com.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This call type is not on your company&apos;s list. Choose another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is too long; 200 characters are the limit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This call is already registered, so it can&apos;t be taken back any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This recording is still being checked. Send it in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Some call details are missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something seems wrong with this recording. Look at it, then send it anyway.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This recording was sent before. Look at it, then send it again if you want to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is another recording. Please show us the one that was moved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file can&apos;t be sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This call was sent already, so its details are fixed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This call is not on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not sent yet. It is kept on this computer and goes on the next time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not possible while the call is under way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removing…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to hear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seems cut off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs call details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready to send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploaded, waiting to register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered, waiting for the queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting to go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting to start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queueing for transcription…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registering call…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finishing upload…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not an audio recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Empty file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Can&apos;t be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Protected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A web page, not a recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not allowed to read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Broken shortcut</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the recorder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In use by another program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Still in the cloud</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drive disconnected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File not found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed, starting again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps changing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage is busy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending a part again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expired, starting again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No keys yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keychain locked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Access switched off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Access denied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrong storage address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encryption not allowed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Untrusted certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Proxy needs a password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocked by the network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clock is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not registered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not queued</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refused by storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy didn&apos;t match</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transcribing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transcribed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyzing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Completed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} KB</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{number} MB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} KB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a few seconds left</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n s left</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %n min left</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %n h left</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>about {hours} h {minutes} min left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>today {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Tidings</name>
    <message numerus="yes">
        <source>%n call(s) need you</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{name} needs you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They have arrived; the transcripts will begin shortly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has arrived; the transcript will begin shortly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) sent</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Open CallUp</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
