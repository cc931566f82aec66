<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>CallActions</name>
    <message numerus="yes">
        <source>%n call ID(s) copied.</source>
        <translation>
            <numerusform>%n call ID copied.</numerusform>
            <numerusform>%n call IDs copied.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Take %n call(s) off this list?</source>
        <translation>
            <numerusform>Take %n call off this list?</numerusform>
            <numerusform>Take %n calls off this list?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %n calls?</source>
        <translation>
            <numerusform>Remove %n calls?</numerusform>
            <numerusform>Remove %n calls?</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>ClosePolicy</name>
    <message numerus="yes">
        <source>%n recordings are still being sent.</source>
        <translation>
            <numerusform>%n recordings are still being sent.</numerusform>
            <numerusform>%n recordings are still being sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recordings are not sent yet. They stay on the list.</source>
        <translation>
            <numerusform>%n recordings are not sent yet. They stay on the list.</numerusform>
            <numerusform>%n recordings are not sent yet. They stay on the list.</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>DetailsWriter</name>
    <message numerus="yes">
        <source>%n call(s) selected</source>
        <translation>
            <numerusform>%n call selected</numerusform>
            <numerusform>%n calls selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Uploading: {stored} of %n part(s) stored</source>
        <translation>
            <numerusform>Uploading: {stored} of %n part stored</numerusform>
            <numerusform>Uploading: {stored} of %n parts stored</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>EachDialog</name>
    <message numerus="yes">
        <source>Fill in %n call(s)</source>
        <translation>
            <numerusform>Fill in %n call</numerusform>
            <numerusform>Fill in %n calls</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Found %n company name(s) in the names of the files.</source>
        <translation>
            <numerusform>Found %n company name in the names of the files.</numerusform>
            <numerusform>Found %n company names in the names of the files.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Nothing changes for %n call(s).</source>
        <translation>
            <numerusform>Nothing changes for %n call.</numerusform>
            <numerusform>Nothing changes for %n calls.</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>FormPane</name>
    <message numerus="yes">
        <source>%n recordings selected. What you enter applies to all.</source>
        <translation>
            <numerusform>%n recordings selected. What you enter applies to all.</numerusform>
            <numerusform>%n recordings selected. What you enter applies to all.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Upload %n calls</source>
        <translation>
            <numerusform>Upload %n calls</numerusform>
            <numerusform>Upload %n calls</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more recording(s) with a question</source>
        <translation>
            <numerusform>%n more recording with a question</numerusform>
            <numerusform>%n more recordings with a question</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportPreviewWriter</name>
    <message numerus="yes">
        <source>%n calls wait; they stay here until the profile they were made for is active again.</source>
        <translation>
            <numerusform>%n calls wait; they stay here until the profile they were made for is active again.</numerusform>
            <numerusform>%n calls wait; they stay here until the profile they were made for is active again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message numerus="yes">
        <source>Added %n recording(s) from this folder.</source>
        <translation>
            <numerusform>Added %n recording from this folder.</numerusform>
            <numerusform>Added %n recordings from this folder.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other files were left out</source>
        <translation>
            <numerusform>%n other files were left out</numerusform>
            <numerusform>%n other files were left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Added %n recording(s) from this folder; {left_out}.</source>
        <translation>
            <numerusform>Added %n recording from this folder; {left_out}.</numerusform>
            <numerusform>Added %n recordings from this folder; {left_out}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message numerus="yes">
        <source>%n s</source>
        <translation>
            <numerusform>%n s</numerusform>
            <numerusform>%n s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n min</numerusform>
            <numerusform>%n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>We repaired the upload list. Please check the last %n recordings.</source>
        <translation>
            <numerusform>We repaired the upload list. Please check the last %n recordings.</numerusform>
            <numerusform>We repaired the upload list. Please check the last %n recordings.</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>Notifications</name>
    <message numerus="yes">
        <source>%n calls need you</source>
        <translation>
            <numerusform>%n calls need you</numerusform>
            <numerusform>%n calls need you</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new recordings</source>
        <translation>
            <numerusform>%n new recordings</numerusform>
            <numerusform>%n new recordings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) sent</source>
        <translation>
            <numerusform>%n call sent</numerusform>
            <numerusform>%n calls sent</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QueueSummary</name>
    <message numerus="yes">
        <source>%n calls are kept here and will be sent when you are back online.</source>
        <translation>
            <numerusform>%n calls are kept here and will be sent when you are back online.</numerusform>
            <numerusform>%n calls are kept here and will be sent when you are back online.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n uploading</source>
        <translation>
            <numerusform>%n uploading</numerusform>
            <numerusform>%n uploading</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registering</source>
        <translation>
            <numerusform>%n registering</numerusform>
            <numerusform>%n registering</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n paused</source>
        <translation>
            <numerusform>%n paused</numerusform>
            <numerusform>%n paused</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n being checked</source>
        <translation>
            <numerusform>%n being checked</numerusform>
            <numerusform>%n being checked</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n ready</source>
        <translation>
            <numerusform>%n ready</numerusform>
            <numerusform>%n ready</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n need details</source>
        <translation>
            <numerusform>%n need details</numerusform>
            <numerusform>%n need details</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n need you</source>
        <translation>
            <numerusform>%n need you</numerusform>
            <numerusform>%n need you</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n being removed</source>
        <translation>
            <numerusform>%n being removed</numerusform>
            <numerusform>%n being removed</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>ReconciliationPage</name>
    <message numerus="yes">
        <source>%n call(s) still under way, with time for it.</source>
        <translation>
            <numerusform>%n call still under way, with time for it.</numerusform>
            <numerusform>%n calls still under way, with time for it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n fewer</source>
        <translation>
            <numerusform>%n fewer</numerusform>
            <numerusform>%n fewer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more are not listed here: callup reconcile --json tells all.</source>
        <translation>
            <numerusform>%n more are not listed here: callup reconcile --json tells all.</numerusform>
            <numerusform>%n more are not listed here: callup reconcile --json tells all.</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>ReconciliationWriter</name>
    <message numerus="yes">
        <source>%n difference(s)</source>
        <translation>
            <numerusform>%n difference</numerusform>
            <numerusform>%n differences</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>stored: %n byte(s)</source>
        <translation>
            <numerusform>stored: %n byte</numerusform>
            <numerusform>stored: %n bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
    </context>
<context>
    <name>Transcripts</name>
    <message numerus="yes">
        <source>%n transcripts are ready</source>
        <translation>
            <numerusform>%n transcripts are ready</numerusform>
            <numerusform>%n transcripts are ready</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UndoRemove</name>
    <message numerus="yes">
        <source>%n calls were removed.</source>
        <translation>
            <numerusform>%n calls were removed.</numerusform>
            <numerusform>%n calls were removed.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Units</name>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n s left</source>
        <translation>
            <numerusform>%n s left</numerusform>
            <numerusform>%n s left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %n min left</source>
        <translation>
            <numerusform>about %n min left</numerusform>
            <numerusform>about %n min left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %n h left</source>
        <translation>
            <numerusform>about %n h left</numerusform>
            <numerusform>about %n h left</numerusform>
        </translation>
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
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
</TS>
