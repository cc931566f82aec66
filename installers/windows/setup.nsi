; The Windows setup program. Compiled on any system: makensis -DVERSION=1.2.3 -DBUNDLE=folder -DOUTPUT=setup.exe
;   /S            silent
;   /AllUsers     for the whole machine; needs an administrator, or IT's deployment agent
;   /Path         the console is found by its name: its folder joins PATH, until the uninstaller takes it out
;   /Downgrade    over a newer version, which silently is refused otherwise
;   /D=C:\Folder  elsewhere; must come last, without quotes
; The uninstaller takes /S, and /PURGE, which also removes this user's list of uploads, settings and logs. It knows whose
; installation it is from its own folder.
; Exit codes: 0 done, 2 cancelled or failed, 87 /D= is no whole path, 740 /AllUsers without the rights, 1618 CallUp is at
; work: try again later, 1638 a newer version is installed, or with /AllUsers one by the MSI.

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
!include WordFunc.nsh
!include x64.nsh
!include MUI2.nsh

!define NAME "CallUp Desktop"
!define PROGRAM "callup-desktop.exe"
!define CONSOLE "callup.exe"
!define CLASS "CallUp.Profile"
!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\CallUpDesktop"
!define BUSY 1618
!define NO_RIGHTS 740
!define NO_PATH 87
!define NEWER_THERE 1638
; Tenths of a second, a little longer than the program itself takes to stop at most.
!define PATIENCE 250

Name "${NAME}"
OutFile "${OUTPUT}"
BrandingText "${NAME} ${VERSION}"
SpaceTexts none
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
!define MUI_HEADERIMAGE
!define MUI_HEADERIMAGE_RIGHT
!define MUI_HEADERIMAGE_BITMAP "${PICTURES}/setup-header.bmp"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURES}/setup-welcome.bmp"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_COMPONENTS
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

LangString PLACE_TEXT ${LANG_ENGLISH} "/D= takes a whole path, such as C:\Folder, without quotes, as the last word."
LangString PLACE_TEXT ${LANG_GERMAN} "/D= verlangt einen ganzen Pfad wie C:\Ordner, ohne Anführungszeichen, als letztes Wort."

LangString NEWER_TEXT ${LANG_ENGLISH} "The newer version $InstalledVersion is installed. Replace it with ${VERSION}? It may not be able to read the newer list of uploads."
LangString NEWER_TEXT ${LANG_GERMAN} "Die neuere Version $InstalledVersion ist installiert. Durch ${VERSION} ersetzen? Sie kann die neuere Liste der Uploads vielleicht nicht lesen."

LangString PACKAGE_TEXT ${LANG_ENGLISH} "${NAME} was installed on this computer by its MSI package. A newer package replaces it; for this setup remove it first."
LangString PACKAGE_TEXT ${LANG_GERMAN} "${NAME} wurde auf diesem Computer durch sein MSI-Paket installiert. Ein neueres Paket ersetzt es; für dieses Setup bitte zuerst entfernen."

LangString PATH_TEXT ${LANG_ENGLISH} "Console in PATH"
LangString PATH_TEXT ${LANG_GERMAN} "Konsole in PATH"
LangString PATH_HINT ${LANG_ENGLISH} "Type callup in any terminal."
LangString PATH_HINT ${LANG_GERMAN} "callup in jedem Terminal."
LangString PROGRAM_HINT ${LANG_ENGLISH} "The window, and the console callup."
LangString PROGRAM_HINT ${LANG_GERMAN} "Das Fenster, und die Konsole callup."

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
Var InstalledVersion
; Where an installation for the same users lies that this one replaces, if elsewhere.
Var EarlierPlace

; What PATH holds may be longer than a string of NSIS, and has a type of its own: so it is changed in plain memory.
; (Microsoft: environment variables have up to 32,767 characters.)
!define PATH_BYTES 65540
!define REG_EXPAND_SZ 2
!define KEY_READ_WRITE 0x2011F
!macro ChangePath un
    ; $0 is "add" or "remove", $1 the folder.
    Function ${un}ChangePath
        ${If} $AllUsers == yes
            StrCpy $2 0x80000002
            StrCpy $3 "SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
        ${Else}
            StrCpy $2 0x80000001
            StrCpy $3 "Environment"
        ${EndIf}
        System::Call 'advapi32::RegOpenKeyExW(p $2, w r3, i 0, i ${KEY_READ_WRITE}, *p .r4) i .r5'
        ${If} $5 != 0
            Return
        ${EndIf}
        System::Alloc ${PATH_BYTES}
        Pop $6
        System::Alloc ${PATH_BYTES}
        Pop $9
        System::Call '*$6(&w1 "")'
        ; Two characters are kept free at the end, for the zero that a value may lack.
        System::Call 'advapi32::RegQueryValueExW(p r4, w "Path", p 0, *i .r7, p r6, *i 65536) i .r5'
        ${If} $5 != 0
        ${AndIf} $5 != 2
            Goto done
        ${EndIf}
        ${If} $5 == 2
            StrCpy $7 ${REG_EXPAND_SZ}
        ${EndIf}
        ; ";path;" in which ";folder;" is looked for, so that no other folder that begins like it is taken for it.
        System::Call 'kernel32::lstrcpyW(p r9, w ";")'
        System::Call 'kernel32::lstrcatW(p r9, p r6)'
        System::Call 'kernel32::lstrcatW(p r9, w ";")'
        System::Call 'shlwapi::StrStrIW(p r9, w ";$1;") p .r5'
        ${If} $0 == add
            ${If} $5 P<> 0
                Goto done
            ${EndIf}
            System::Call 'kernel32::lstrlenW(p r6) i .r8'
            ${If} $8 > 0
                System::Call 'kernel32::lstrcatW(p r6, w ";")'
            ${EndIf}
            System::Call 'kernel32::lstrcatW(p r6, w r1)'
        ${Else}
            ${If} $5 P= 0
                Goto done
            ${EndIf}
            ; What follows moves over ";folder"; then the semicolons at both ends go.
            StrLen $8 ";$1"
            IntOp $8 $8 * 2
            IntPtrOp $8 $5 + $8
            System::Call 'kernel32::lstrlenW(p r8) i .R0'
            IntOp $R0 $R0 + 1
            IntOp $R0 $R0 * 2
            System::Call 'kernel32::RtlMoveMemory(p r5, p r8, i R0)'
            System::Call 'kernel32::lstrlenW(p r9) i .R0'
            ${If} $R0 > 1
                IntOp $R0 $R0 - 1
                IntOp $R0 $R0 * 2
                IntPtrOp $8 $9 + $R0
                System::Call '*$8(&i2 0)'
                IntPtrOp $8 $9 + 2
                System::Call 'kernel32::lstrcpyW(p r6, p r8)'
            ${Else}
                System::Call '*$6(&i2 0)'
            ${EndIf}
        ${EndIf}
        System::Call 'kernel32::lstrlenW(p r6) i .r8'
        ${If} $8 < 32767
            IntOp $8 $8 + 1
            IntOp $8 $8 * 2
            System::Call 'advapi32::RegSetValueExW(p r4, w "Path", i 0, i r7, p r6, i r8)'
            SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=2000
        ${EndIf}
      done:
        System::Free $6
        System::Free $9
        System::Call 'advapi32::RegCloseKey(p r4)'
    FunctionEnd
!macroend
!insertmacro ChangePath ""
!insertmacro ChangePath "un."

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

Section "${NAME}" THE_PROGRAM
    SectionIn RO
    Call Install
SectionEnd

Section /o "$(PATH_TEXT)" IN_PATH
    StrCpy $0 add
    StrCpy $1 $INSTDIR
    Call ChangePath
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
    !insertmacro MUI_DESCRIPTION_TEXT ${THE_PROGRAM} "$(PROGRAM_HINT)"
    !insertmacro MUI_DESCRIPTION_TEXT ${IN_PATH} "$(PATH_HINT)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; The MSI has the same folder, and Windows Installer would miss what this replaces there.
Function RefuseBesidePackage
    ${If} $AllUsers == yes
        System::Call 'msi::MsiEnumRelatedProductsW(w "${UPGRADE_CODE}", i 0, i 0, w .r1) i .r2'
        ${If} $2 == 0
            MessageBox MB_ICONSTOP "$(PACKAGE_TEXT)" /SD IDOK
            SetErrorLevel ${NEWER_THERE}
            Quit
        ${EndIf}
    ${EndIf}
FunctionEnd

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
    Call RefuseBesidePackage
    ${GetParameters} $0
    ReadRegStr $EarlierPlace SHCTX "${ENTRY}" "InstallLocation"
    ReadRegStr $InstalledVersion SHCTX "${ENTRY}" "DisplayVersion"
    ; /D= has been taken already, and passed over without a word where quotes are around it, or it is no whole path.
    System::Call 'kernel32::GetCommandLineW() p .r1'
    System::Call 'shlwapi::StrStrIW(p r1, w " /D=") p .r2'
    ${If} $2 P= 0
        System::Call `shlwapi::StrStrIW(p r1, w '"/D=') p .r2`
    ${EndIf}
    ${If} $INSTDIR == ""
    ${AndIf} $2 P<> 0
        MessageBox MB_ICONSTOP "$(PLACE_TEXT)" /SD IDOK
        SetErrorLevel ${NO_PATH}
        Quit
    ${EndIf}
    ${If} $INSTDIR == ""
        StrCpy $INSTDIR $EarlierPlace
    ${EndIf}
    ${If} $InstalledVersion != ""
        ${VersionCompare} $InstalledVersion ${VERSION} $1
        ClearErrors
        ${GetOptions} $0 "/Downgrade" $2
        ${If} ${Errors}
        ${AndIf} $1 == 1
            MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(NEWER_TEXT)" /SD IDNO IDYES replace
            SetErrorLevel ${NEWER_THERE}
            Quit
          replace:
        ${EndIf}
    ${EndIf}
    ClearErrors
    ${GetOptions} $0 "/Path" $1
    ${IfNot} ${Errors}
        !insertmacro SelectSection ${IN_PATH}
    ${EndIf}
    ${If} $INSTDIR == ""
        ${If} $AllUsers == yes
            StrCpy $INSTDIR "$PROGRAMFILES64\${NAME}"
        ${Else}
            StrCpy $INSTDIR "$LOCALAPPDATA\Programs\${NAME}"
        ${EndIf}
    ${EndIf}
FunctionEnd

; Takes the programs of an installation away, never what lies beside them.
!macro RemovePrograms PLACE
    Delete "${PLACE}\${PROGRAM}"
    Delete "${PLACE}\${CONSOLE}"
    RMDir /r "${PLACE}\_internal"
    Delete "${PLACE}\uninstall.exe"
    RMDir "${PLACE}"
!macroend

; The same users have it in another place: its programs stop, and go.
Function MoveOn
    StrCpy $R1 $INSTDIR
    StrCpy $INSTDIR $EarlierPlace
    Call StopProgram
    !insertmacro RemovePrograms "$EarlierPlace"
    StrCpy $0 remove
    StrCpy $1 $EarlierPlace
    Call ChangePath
    StrCpy $INSTDIR $R1
FunctionEnd

Function Install
    ${If} $EarlierPlace != ""
    ${AndIf} $EarlierPlace != $INSTDIR
        Call MoveOn
    ${EndIf}
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

    ; By default every user may make files in ProgramData: here only administrators may put a managed profile.
    ; What somebody planted before belongs to him, and the program does not believe it.
    ${If} $AllUsers == yes
        CreateDirectory "$APPDATA\${NAME}"
        nsExec::Exec '"$SYSDIR\icacls.exe" "$APPDATA\${NAME}" /setowner *S-1-5-32-544'
        Pop $1
        nsExec::Exec '"$SYSDIR\icacls.exe" "$APPDATA\${NAME}" /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX'
        Pop $1
        ${If} $1 != 0
            ; A folder with the rights of its parent is worse than none.
            RMDir "$APPDATA\${NAME}"
        ${EndIf}
    ${EndIf}

    ; IT's agent is nobody's desktop, so there the rep starts it again.
    ${If} $WasRunning == yes
    ${AndIf} $AllUsers == no
        Exec '"$INSTDIR\${PROGRAM}"'
    ${EndIf}
FunctionEnd

Function un.onInit
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/AllUsers" $1
    ${If} ${Errors}
        StrCpy $AllUsers no
    ${Else}
        StrCpy $AllUsers yes
    ${EndIf}
    ; Whose it is follows from where it lies; what it was called with counts only where neither hive knows the folder.
    SetRegView 64
    ReadRegStr $0 HKLM "${ENTRY}" "InstallLocation"
    ReadRegStr $1 HKCU "${ENTRY}" "InstallLocation"
    ${If} $0 == $INSTDIR
        StrCpy $AllUsers yes
    ${ElseIf} $1 == $INSTDIR
        StrCpy $AllUsers no
    ${EndIf}
    Call un.ChooseUsers
FunctionEnd

Section un.
    Call un.StopProgram
    !insertmacro RemovePrograms "$INSTDIR"
    StrCpy $0 remove
    StrCpy $1 $INSTDIR
    Call un.ChangePath
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
