# Installers. Everything lands in dist/, intermediate files in build/.
.PHONY: setup-bundle bundle bundle-test deb deb-test rpm rpm-test appimage appimage-test installer-windows try-setup-modes msi try-msi check-macos lint-workflow

BUNDLE := dist/callup-desktop
FREEZE := nice $(BIN)/python -m PyInstaller --noconfirm --log-level WARN --workpath build/pyinstaller --distpath dist

setup-bundle: setup
	@$(INSTALL) requirements/bundle.txt

# One folder with the window and the console; prints its size and how long they take to start.
bundle: setup-bundle
	$(FREEZE) build.spec
	$(BIN)/python -m installers.measure $(BUNDLE)

# The frozen program tries itself, and sends a recording to a sandbox; then copies with holes have to name them.
bundle-test: bundle
	rm -rf build/self-test && mkdir -p build/self-test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m installers.with_sandbox \
		$(BUNDLE)/callup-desktop --self-test build/self-test --profile {profile}
	$(BIN)/python -m installers.holes $(BUNDLE)

deb: bundle
	installers/linux/build-deb.sh $(BUNDLE) dist

# Needs root: installs into a Debian made for it, tries, upgrades, removes.
deb-test: deb
	$(BIN)/python -m installers.with_sandbox installers/linux/try-deb.sh dist/callup-desktop_*.deb {profile} build/deb-test

rpm: bundle
	installers/linux/build-rpm.sh $(BUNDLE) dist

# Needs root: installs into a folder, compares, removes.
rpm-test: rpm
	installers/linux/try-rpm.sh dist/callup-desktop-*.rpm build/rpm-test

# Needs CALLUP_APPIMAGE_RUNTIME, the runtime that the AppImage project releases: fetch-appimage-runtime.sh fetches it.
appimage: bundle
	installers/linux/build-appimage.sh $(BUNDLE) dist

appimage-test: appimage
	$(BIN)/python -m installers.with_sandbox installers/linux/try-appimage.sh dist/CallUp-Desktop-*.AppImage {profile} build/appimage-test

# Freezes, packs, signs with a test certificate, and tries the setup program in Wine; about ten minutes.
installer-windows: setup
	installers/windows/wine/prefix.sh
	installers/windows/wine/freeze.sh
	$(BIN)/python -m installers.with_sandbox installers/windows/wine/try-setup.sh {profile}

# The setup program for whom and where it installs, in Wine: nsis, wine and gcc-mingw-w64-x86-64 of Debian; a minute.
try-setup-modes: setup
	installers/windows/wine/try-modes.sh

# For Group Policy and Intune, of the bundle that installer-windows froze, or another that WINDOWS_BUNDLE names.
WINDOWS_BUNDLE := dist/windows/callup-desktop
msi: setup
	@test -f $(WINDOWS_BUNDLE)/callup-desktop.exe || { echo "no Windows bundle in $(WINDOWS_BUNDLE): make installer-windows" >&2; exit 1; }
	$(BIN)/python -m installers.icons build/icons
	PYTHON=$(BIN)/python installers/windows/build-msi.sh $(WINDOWS_BUNDLE) dist

# Installs, repairs, upgrades and removes it in Wine, beside the setup program; wixl, msitools, nsis, wine and
# gcc-mingw-w64-x86-64 of Debian; a minute. Two small programs stand in the bundle's place: TRY_BUNDLE takes a real one.
try-msi: setup
	installers/windows/wine/try-msi.sh $(TRY_BUNDLE)

check-macos: setup
	$(BIN)/pytest -q tests/installers/test_macos.py tests/installers/test_icons.py
	@echo "Checked: Info.plist, entitlements, icns, and the order of signing, notarising and packing, as a dry run."
	@echo "Only a Mac can: build the bundle, sign, notarise, make dmg and pkg, open them. release.yml does that."

lint-workflow: setup
	@$(INSTALL) requirements/workflow.txt
	$(BIN)/actionlint
	$(BIN)/zizmor --offline .github/workflows
	@if command -v shellcheck >/dev/null; then shellcheck -x $$(git ls-files '*.sh' installers/linux/AppRun .ci/run); \
		else echo "NOT CHECKED, the shell scripts: shellcheck is not installed" >&2; fi
