# `make` builds a program from each C file of this folder; `make server` builds one of them.

CFLAGS = -std=c17 -Wall -Wextra -Werror -g -O1

PROGRAMS = $(basename $(wildcard *.c))

.PHONY: all clean
all: $(PROGRAMS)

clean:
	$(RM) $(PROGRAMS)
