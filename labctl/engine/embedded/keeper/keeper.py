"""Keeper: holds one embedded lab and is its life line; when it dies, the kernel takes hosts, programs and networks along.

    unshare -U -n -m -p … python3 -I -S -c 'exec(open(0, "rb", closefd=False).read(LENGTH))' FOLDER [GROUPS]

GROUPS are the control groups that labctl made for this lab (see groups.ts): `v2:FOLDER`, or `v1:CONTROLLER=FOLDER,…`.

Input: the texts of this folder as one, in the order of keeper.ts, this one last. It listens at FOLDER/socket, says `ready`
(or `taken`, when another has that folder) and lets go of its standard streams. It is process 1 of a pid namespace of its
own and holds the bridges in its network namespace.

A connection carries one request, a line of JSON; the answer is a line of JSON, except for `exec`, after whose request
frames go both ways: kind (1 byte), length (4 bytes), payload.
    to us    i  standard input    c  end of it    w  window size: columns, rows (2 bytes each)
    from us  o  standard output   e  standard error   x  it ended: its exit code   f  it could not be started, and why
"""

import fcntl
import json
import os
import select
import signal
import socket
import sys

LONELY = 20  # seconds without a lab, until it leaves: whoever started it is gone
JOIN_SESSION_KEYRING = 1  # keyctl(2)


def do_stop(_request):
    os._exit(0)


def do_exec(connection, request):
    """In a process of its own, because it lasts as long as the program does."""
    host = hosts.get(request['host'])
    on_wire = request['host'] is None  # With the bridges, in this very place: for nft and tc.
    if not on_wire and (host is None or host.code is not None):
        return send(connection, b'f', b'it does not run')
    listener.close()
    if request.get('log'):  # A file of this machine, as long as the host lives.
        request['argv'] += [f'--pid={host.process}', '--', request['log']]
    Program(connection, None if on_wire or request.get('log') else host.pid, request).carry()
    part(connection)


ANSWERS = {'apply': do_apply, 'state': do_state, 'stop': do_stop}


def heard(connection):
    """The request, and not a byte of the frames that may follow it."""
    text = b''
    while not text.endswith(b'\n'):
        data = connection.recv(CHUNK, socket.MSG_PEEK)
        if not data:
            raise OSError('it hung up')
        text += connection.recv(data.find(b'\n') + 1 or len(data))
    return json.loads(text)


def serve(connection):
    """One request; only who can open the socket may ask, and that is its owner and root."""
    connection.settimeout(PATIENCE)
    request = heard(connection)
    connection.settimeout(None)
    if request['do'] == 'exec':
        for text in request.get('script', [])[:1]:
            learn(text)
        if os.fork() == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                do_exec(connection, request)
            except OSError as error:
                send(connection, b'f', str(error).encode())
            finally:
                os._exit(0)
        later.extend(text for text in request.get('script', []) if text not in compiled)
        return
    try:
        answer = ANSWERS[request['do']](request)
    except (Failure, OSError) as failure:
        answer = {'failure': str(failure)}
    connection.sendall(json.dumps(answer).encode() + b'\n')


def reap():
    """Hosts that ended are told so; helpers are just done."""
    try:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            for host in hosts.values():
                if host.process == pid:
                    host.code = os.waitstatus_to_exitcode(status)
    except ChildProcessError:
        pass


def own_keys():
    """A session keyring of its own, nameless and empty: that of the caller is inherited (session-keyring(7)), and with it
    every secret in it, by whatever a host runs."""
    keyctl = {'x86_64': 250, 'i686': 288, 'armv7l': 311, 'ppc64le': 271, 's390x': 280}.get(os.uname().machine, 219)
    libc.syscall(keyctl, JOIN_SESSION_KEYRING, None)


def main():
    global listener, groups
    os.environ.clear()
    os.umask(0o022)
    os.chdir(sys.argv[1])
    groups = Groups(*sys.argv[2:])
    lock = os.open('lock', os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.write(1, b'taken\n')
        return
    if os.path.exists('socket'):
        os.unlink('socket')
    listener = socket.socket(socket.AF_UNIX)
    listener.bind('socket')
    listener.listen(4096)
    calm()
    os.write(1, b'ready\n')
    null = os.open('/dev/null', os.O_RDWR)
    errors = os.open('keeper.errors', os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for fd, place in ((null, 0), (null, 1), (errors, 2)):
        os.dup2(fd, place)
    prepare()
    own_keys()
    woken, waker = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    poll.register(woken, select.POLLIN)
    while True:
        events = poll.poll(0 if later else None if lab['description'] else LONELY * 1000)
        if not events and later:
            learn(later.pop())
        elif not events and not lab['description']:
            return
        for fd, _ in events:
            if fd == woken:
                os.read(woken, CHUNK)
                reap()
            else:
                accept()


def accept():
    connection, _ = listener.accept()
    try:
        serve(connection)
    except (OSError, ValueError, KeyError):
        pass  # Whoever asked is gone, or never was labctl.
    finally:
        connection.close()


later = []  # Texts to learn when nobody asks for anything.
listener = None
main()
