; The Windows setup program. Compiled on any system: makensis -DVERSION=1.2.3 -DBUNDLE=folder -DOUTPUT=setup.exe
;   /S            silent
;   /AllUsers     for the whole machine; needs an administrator, or IT's deployment agent
;   /D=C:\Folder  elsewhere; must come last, without quotes
; The uninstaller takes /S, and /PURGE, which also removes this user's list of uploads, settings and logs.
; Exit codes: 0 done, 2 cancelled or failed, 740 /AllUsers without the rights, 1618 CallUp is at work: try again later.

Unicode true
Target amd64-unicode
!ifdef QUICK
    SetCompress off
!else
    SetCompressor /SOLID lzma
    SetCompressorDictSize 64
!endif
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS all

!include LogicLib.nsh
!include FileFunc.nsh
!include x64.nsh
!include MUI2.nsh

!define NAME "CallUp Desktop"
!define PROGRAM "callup-desktop.exe"
!define CONSOLE "callup.exe"
!define CLASS "CallUp.Profile"
!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\CallUpDesktop"
!define BUSY 1618
!define NO_RIGHTS 740
; Tenths of a second, a little longer than the program itself takes to stop at most.
!define PATIENCE 250

Name "${NAME}"
OutFile "${OUTPUT}"
ShowInstDetails nevershow
ShowUninstDetails nevershow
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "${NAME} setup"
VIAddVersionKey CompanyName "CallUp"
VIAddVersionKey LegalCopyright ""

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

LangString BUSY_TEXT ${LANG_ENGLISH} "CallUp is at work and did not stop. Close it, then try again; nothing is lost."
LangString BUSY_TEXT ${LANG_GERMAN} "CallUp arbeitet noch und wurde nicht beendet. Bitte schließen und erneut versuchen; es geht nichts verloren."
LangString RIGHTS_TEXT ${LANG_ENGLISH} "Installing for all users needs an administrator."
LangString RIGHTS_TEXT ${LANG_GERMAN} "Für alle Benutzer kann nur ein Administrator installieren."

LangString SEND_TEXT ${LANG_ENGLISH} "Send to CallUp"
LangString SEND_TEXT ${LANG_GERMAN} "An CallUp senden"

; Explorer offers it for one recording or many; no library of ours runs in Explorer. "Player" allows more than 15 files.
!define VERB "shell\CallUp"
!macro AddVerb EXTENSION
    WriteRegStr SHCTX "Software\Classes\SystemFileAssociations\${EXTENSION}\${VERB}" "" "$(SEND_TEXT)"
    WriteRegStr SHCTX "Software\Classes\SystemFileAssociations\${EXTENSION}\${VERB}" "Icon" "$INSTDIR\${PROGRAM},0"
    WriteRegStr SHCTX "Software\Classes\SystemFileAssociations\${EXTENSION}\${VERB}" "MultiSelectModel" "Player"
    WriteRegStr SHCTX "Software\Classes\SystemFileAssociations\${EXTENSION}\${VERB}\command" "" '"$INSTDIR\${PROGRAM}" "%1"'
!macroend
!macro RemoveVerb EXTENSION
    DeleteRegKey SHCTX "Software\Classes\SystemFileAssociations\${EXTENSION}\${VERB}"
!macroend

!ifdef SIGN
    !uninstfinalize '${SIGN} "%1"' = 0
    !finalize '${SIGN} "%1"' = 0
!endif

Var AllUsers
Var WasRunning

!macro Functions un
    ; Who it is for decides the folder and the registry's hive.
    Function ${un}ChooseUsers
        SetRegView 64
        ${If} $AllUsers == yes
            UserInfo::GetAccountType
            Pop $0
            ${If} $0 != "Admin"
                MessageBox MB_ICONSTOP "$(RIGHTS_TEXT)" /SD IDOK
                SetErrorLevel ${NO_RIGHTS}
                Quit
            ${EndIf}
            SetShellVarContext all
        ${Else}
            SetShellVarContext current
        ${EndIf}
    FunctionEnd

    ; $0 is "free" if neither program runs: a running one cannot be opened for writing.
    Function ${un}Look
        StrCpy $0 free
        ClearErrors
        ${If} ${FileExists} "$INSTDIR\${PROGRAM}"
            FileOpen $1 "$INSTDIR\${PROGRAM}" a
            ${If} ${Errors}
                StrCpy $0 busy
            ${Else}
                FileClose $1
            ${EndIf}
        ${EndIf}
        ClearErrors
        ${If} ${FileExists} "$INSTDIR\${CONSOLE}"
            FileOpen $1 "$INSTDIR\${CONSOLE}" a
            ${If} ${Errors}
                StrCpy $0 busy
            ${Else}
                FileClose $1
            ${EndIf}
        ${EndIf}
        ClearErrors
    FunctionEnd

    ; Asks a running CallUp to stop, as it would itself; every upload goes on from where it was.
    Function ${un}StopProgram
        StrCpy $WasRunning no
        Call ${un}Look
        ${If} $0 == free
            Return
        ${EndIf}
        StrCpy $WasRunning yes
        nsExec::Exec '"$INSTDIR\${PROGRAM}" --quit'
        Pop $1
        ${ForEach} $2 0 ${PATIENCE} + 1
            Call ${un}Look
            ${If} $0 == free
                Return
            ${EndIf}
            Sleep 100
        ${Next}
        MessageBox MB_ICONSTOP "$(BUSY_TEXT)" /SD IDOK
        SetErrorLevel ${BUSY}
        Quit
    FunctionEnd
!macroend
!insertmacro Functions ""
!insertmacro Functions "un."

Function .onInit
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/AllUsers" $1
    ${If} ${Errors}
        StrCpy $AllUsers no
    ${Else}
        StrCpy $AllUsers yes
    ${EndIf}
    Call ChooseUsers
    ; /D= has been taken already.
    ${If} $INSTDIR == ""
        ReadRegStr $INSTDIR SHCTX "${ENTRY}" "InstallLocation"
    ${EndIf}
    ${If} $INSTDIR == ""
        ${If} $AllUsers == yes
            StrCpy $INSTDIR "$PROGRAMFILES64\${NAME}"
        ${Else}
            StrCpy $INSTDIR "$LOCALAPPDATA\Programs\${NAME}"
        ${EndIf}
    ${EndIf}
FunctionEnd

Section
    Call StopProgram
    ; No file of an older version may stay among the new ones.
    RMDir /r "$INSTDIR\_internal"
    SetOutPath "$INSTDIR"
    ClearErrors
    File /r "${BUNDLE}/*"
    ${If} ${Errors}
        SetErrorLevel 2
        Abort
    ${EndIf}
    WriteUninstaller "$INSTDIR\uninstall.exe"

    CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${PROGRAM}"
    ; The menu "Send to" is each user's own; it hands over any number of files and folders at once.
    ${If} $AllUsers == no
        CreateShortcut "$SENDTO\${NAME}.lnk" "$INSTDIR\${PROGRAM}"
    ${EndIf}

    WriteRegStr SHCTX "Software\Classes\.callup" "" "${CLASS}"
    WriteRegStr SHCTX "Software\Classes\${CLASS}" "" "CallUp profile"
    WriteRegStr SHCTX "Software\Classes\${CLASS}\DefaultIcon" "" "$INSTDIR\${PROGRAM},0"
    WriteRegStr SHCTX "Software\Classes\${CLASS}\shell\open\command" "" '"$INSTDIR\${PROGRAM}" "%1"'
    ; "Open with" offers CallUp for recordings, and takes nothing over.
    WriteRegStr SHCTX "Software\Classes\Applications\${PROGRAM}" "FriendlyAppName" "${NAME}"
    WriteRegStr SHCTX "Software\Classes\Applications\${PROGRAM}\shell\open\command" "" '"$INSTDIR\${PROGRAM}" "%1"'
    WriteRegStr SHCTX "Software\Classes\Applications\${PROGRAM}\SupportedTypes" ".mp3" ""
    WriteRegStr SHCTX "Software\Classes\Applications\${PROGRAM}\SupportedTypes" ".wav" ""
    WriteRegStr SHCTX "Software\Classes\Applications\${PROGRAM}\SupportedTypes" ".m4a" ""
    WriteRegStr SHCTX "Software\Classes\Applications\${PROGRAM}\SupportedTypes" ".flac" ""
    !insertmacro AddVerb ".mp3"
    !insertmacro AddVerb ".wav"
    !insertmacro AddVerb ".m4a"
    !insertmacro AddVerb ".flac"
    System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'

    ${If} $AllUsers == yes
        StrCpy $0 " /AllUsers"
    ${Else}
        StrCpy $0 ""
    ${EndIf}
    WriteRegStr SHCTX "${ENTRY}" "DisplayName" "${NAME}"
    WriteRegStr SHCTX "${ENTRY}" "DisplayVersion" "${VERSION}"
    WriteRegStr SHCTX "${ENTRY}" "DisplayIcon" "$INSTDIR\${PROGRAM},0"
    WriteRegStr SHCTX "${ENTRY}" "Publisher" "CallUp"
    WriteRegStr SHCTX "${ENTRY}" "InstallLocation" "$INSTDIR"
    WriteRegStr SHCTX "${ENTRY}" "UninstallString" '"$INSTDIR\uninstall.exe"$0'
    WriteRegStr SHCTX "${ENTRY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S$0'
    WriteRegDWORD SHCTX "${ENTRY}" "NoModify" 1
    WriteRegDWORD SHCTX "${ENTRY}" "NoRepair" 1
    ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
    IntFmt $0 "0x%08X" $0
    WriteRegDWORD SHCTX "${ENTRY}" "EstimatedSize" "$0"

    ; IT's agent is nobody's desktop, so there the rep starts it again.
    ${If} $WasRunning == yes
    ${AndIf} $AllUsers == no
        Exec '"$INSTDIR\${PROGRAM}"'
    ${EndIf}
SectionEnd

Function un.onInit
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/AllUsers" $1
    ${If} ${Errors}
        StrCpy $AllUsers no
    ${Else}
        StrCpy $AllUsers yes
    ${EndIf}
    Call un.ChooseUsers
FunctionEnd

Section un.
    Call un.StopProgram
    Delete "$INSTDIR\${PROGRAM}"
    Delete "$INSTDIR\${CONSOLE}"
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\${NAME}.lnk"
    ${If} $AllUsers == no
        Delete "$SENDTO\${NAME}.lnk"
    ${EndIf}
    DeleteRegKey SHCTX "Software\Classes\${CLASS}"
    DeleteRegKey SHCTX "Software\Classes\Applications\${PROGRAM}"
    !insertmacro RemoveVerb ".mp3"
    !insertmacro RemoveVerb ".wav"
    !insertmacro RemoveVerb ".m4a"
    !insertmacro RemoveVerb ".flac"
    ReadRegStr $0 SHCTX "Software\Classes\.callup" ""
    ${If} $0 == "${CLASS}"
        DeleteRegKey SHCTX "Software\Classes\.callup"
    ${EndIf}
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "${NAME}"
    System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'

    ; Calls that have not arrived yet are the user's.
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/PURGE" $1
    ${IfNot} ${Errors}
        SetShellVarContext current
        RMDir /r "$LOCALAPPDATA\${NAME}"
        Call un.ChooseUsers
    ${EndIf}
    ; Last, so that whoever waits for it to go knows that all is done.
    DeleteRegKey SHCTX "${ENTRY}"
SectionEnd
