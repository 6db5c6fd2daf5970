// The scenario that `labctl new` writes: short, commented, and right as it stands.

/** `schema` is where the JSON Schema lies, seen from the file. */
export const scenarioTemplate = (schema: string): string => `# yaml-language-server: $schema=${schema}
#
# A scenario: what to start, type and look at, and what must be seen then. docs/scenario-language.md has every word of it.
# Run it with: labctl run FILE      See what it would do with: labctl run FILE --dry-run

title: { en: A line and its echo, fr: Une ligne et son écho }
about:
  en: A client sends a line, and the server returns it.
  fr: Un client envoie une ligne, et le serveur la renvoie.

# Hosts of the Compose file that take part. All of them are recorded: packets, calls, sockets, processes, counters.
hosts: [server, client1]

steps:
  # Starts a program on a host, and goes on when it listens, is connected, or has printed something.
  - start: server
    on: server
    run: server
    until: { listens: 5000 }

  - start: c1
    on: client1
    run: client server 5000
    until: { prints: connected }

  # A step may have a name, for "at", "after" and "before" below, and a sentence that is shown when it begins.
  - name: line-typed
    type: hello
    into: c1
    say: { en: The client sends a line., fr: Le client envoie une ligne. }

  - answer: hello
    from: c1

  # What ss, ps and the kernel's counters say now.
  - name: connected
    look: [server]

  # The end of the client's input (Ctrl-D): it sends its FIN, and ends when the server has sent its own.
  - close: c1
  - exit: c1
    code: 0

expect:
  # Segments as tcpdump writes them, in this order; others may come between.
  - id: handshake
    say: { en: The connection is opened by three segments., fr: La connexion s’ouvre en trois segments. }
    segments: [client1 > server.5000 S, server.5000 > client1 S., client1 > server.5000 .]
    of: c1

  - id: established
    say: { en: The server holds the connection., fr: Le serveur tient la connexion. }
    sockets: { state: ESTABLISHED, local: "server:5000", peer: "client1:*", owner: server, count: 1 }
    on: server
    at: connected

  # What must not be seen.
  - id: no-repetition
    say: { en: Nothing has to be sent again., fr: Rien n’a besoin d’être renvoyé. }
    segments: [client1 > server.5000 P. again]
    of: c1
    absent: true

# Questions for whoever runs it. An answer may name this very run: {c1.port} is the port that the client got.
lesson:
  - ask:
      en: Which port did the client use?
      fr: Quel port le client a-t-il utilisé ?
    answer:
      en: "{c1.port}, an ephemeral one, which its kernel chose ({port-range})."
      fr: "{c1.port}, un port éphémère, choisi par son noyau ({port-range})."
`;
