# `make install`: what a lab host has beyond the base. Every host gets the programs of both folders, because in a lab
# anybody may be server or client: built in $(BIN), and to read and change, with a Makefile, in $(SOURCES).

PREFIX = /usr/local
BIN = $(DESTDIR)$(PREFIX)/bin
SOURCES = $(DESTDIR)$(PREFIX)/src/labctl

# The programs are built where their sources will lie, and carry that place without DESTDIR: so addr2line can name
# the file of a call in the host.
.PHONY: install
install:
	install -d $(BIN) $(SOURCES)
	install -m 644 ../server/*.c ../client/*.c $(SOURCES)
	install -m 644 ../programs.mk $(SOURCES)/Makefile
	install -m 755 ../lab-host $(BIN)
	cd $(SOURCES) && $(MAKE) CPPFLAGS="-ffile-prefix-map=$$(pwd -P)=$(PREFIX)/src/labctl"
	cd $(SOURCES) && install -m 755 $$(basename -s .c *.c) $(abspath $(BIN)) && $(MAKE) clean
