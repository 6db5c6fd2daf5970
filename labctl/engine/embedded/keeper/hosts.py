"""Hosts: each is a sandbox of bubblewrap's, made in steps because its cables are laid between two of them."""

import fcntl
import json
import os
import signal
import time

CHUNK = 65536
PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
NO_CAPS = ['/usr/bin/setpriv', '--ambient-caps=-all', '--inh-caps=-all']
ARGS, INFO, BLOCK, CALLS = 10, 11, 12, 13
PATIENCE = 5  # seconds, for whoever connected to say what they want, and for a sandbox to stand
LOG_SIZE = 16 << 20  # What a host's own first process prints is a file of this machine.


class Host:
    def __init__(self, name, spec):
        """bubblewrap makes the namespaces, tells the pid of its child, then waits until the network stands."""
        info, into_info = os.pipe()
        block, self.unblock = os.pipe()
        log = os.open(spec['log'], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
        null = os.open('/dev/null', os.O_RDONLY)
        args = memory('args', '\0'.join(spec['options']).encode() + b'\0')  # A long line in htop otherwise.
        calls = memory('calls', FILTER)
        fds = ['--args', str(ARGS), '--info-fd', str(INFO), '--block-fd', str(BLOCK)]
        fds += ['--seccomp', str(CALLS)] if FILTER else []
        limits = [f'--{name}={value}' for name, value in groups.each(spec['limits'], LOG_SIZE).items()]
        argv = [*NO_CAPS, 'bwrap', *fds, '--', '/usr/bin/prlimit', *limits, '--', *spec['command']]
        places = [(null, 0), (log, 1), (log, 2), (args, ARGS), (into_info, INFO), (block, BLOCK), (calls, CALLS)]
        # Away from the places first: a descriptor may be numbered like one of them.
        safe = [(fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 100), place) for fd, place in places]
        self.process = os.posix_spawnp(argv[0], argv, {'PATH': PATH}, setsid=True, setsigdef=[signal.SIGPIPE, signal.SIGXFSZ],
                                       file_actions=[(os.POSIX_SPAWN_DUP2, fd, place) for fd, place in safe])
        for fd in [null, log, args, calls, into_info, block, *(fd for fd, _ in safe)]:
            os.close(fd)
        self.name, self.spec, self.info, self.pid, self.code = name, spec, info, None, None

    def meet(self):
        text = b''
        while b'}' not in text:  # Not to its end: a waiting bubblewrap holds it open.
            data = os.read(self.info, CHUNK)
            if not data:
                break
            text += data
        os.close(self.info)
        if not text:
            with open(self.spec['log'], errors='replace') as log:
                raise Failure(log.read().strip() or 'bubblewrap ended at once')
        self.pid = json.loads(text)['child-pid']
        groups.make(self.name, self.spec['limits'])
        for pid in (self.process, self.pid):  # Nobody else is in it until it is unblocked.
            groups.take(self.name, pid)

    def start(self):
        os.write(self.unblock, b'1')
        os.close(self.unblock)

    def settle(self, name):
        """Until its root is its own, a program would find the machine's files in it."""
        deadline = time.monotonic() + PATIENCE
        while not same(f'/proc/{self.pid}/root/etc/hosts', f'etc/hosts.{name}'):
            if time.monotonic() > deadline or os.waitid(os.P_PID, self.process, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                with open(self.spec['log'], errors='replace') as log:
                    raise Failure(f'host {name}: {log.read().strip() or "its sandbox was not made"}')
            time.sleep(0.001)

    def kill(self):
        if self.code is None:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)


def memory(name, content):
    """A file of this content, for somebody who reads it from its beginning."""
    file = os.memfd_create(name)
    os.write(file, content)
    os.lseek(file, 0, os.SEEK_SET)
    return file


def same(one, other):
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


class Failure(Exception):
    """What went wrong, in words for the user."""


