# Installers. `include installers/targets.mk` after BIN is set; everything lands in dist/, intermediate files in build/.
.PHONY: bundle bundle-test deb deb-test installer-windows check-macos lint-workflow

BUNDLE := dist/callup-desktop
FREEZE := nice $(BIN)/python -m PyInstaller --noconfirm --log-level WARN --workpath build/pyinstaller --distpath dist

# One folder with the window and the console; prints its size and how long they take to start.
bundle: setup-tests
	$(FREEZE) build.spec
	$(BIN)/python -m installers.measure $(BUNDLE)

bundle-test: bundle
	rm -rf build/self-test && mkdir -p build/self-test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m installers.with_sandbox \
		$(BUNDLE)/callup-desktop --self-test build/self-test --profile {profile}

deb: bundle
	installers/linux/build-deb.sh $(BUNDLE) dist

# Needs root, and debootstrap: installs into a Debian made for it, tries, upgrades, removes.
deb-test: deb
	$(BIN)/python -m installers.with_sandbox installers/linux/try-deb.sh dist/callup-desktop_*.deb {profile} build/deb-test

# Freezes, packs, signs with a test certificate, and tries the setup program in Wine.
installer-windows: setup-tests
	installers/windows/wine/prefix.sh
	installers/windows/wine/freeze.sh
	$(BIN)/python -m installers.with_sandbox installers/windows/wine/try-setup.sh {profile}

check-macos: setup-tests
	$(BIN)/pytest -q tests/installers

lint-workflow: setup-tests
	$(BIN)/actionlint .github/workflows/release.yml
