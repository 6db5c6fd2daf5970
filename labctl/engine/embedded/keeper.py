"""Keeper: holds one embedded lab and is its life line; when it dies, the kernel takes hosts, programs and networks along.

    unshare -U -n -m -p … python3 -I -S -c 'exec(open(0, "rb", closefd=False).read(LENGTH))' FOLDER [GROUPS]

GROUPS are the control groups that labctl made for this lab (see groups.ts): `v2:FOLDER`, or `v1:CONTROLLER=FOLDER,…`.

Input: this text. It listens at FOLDER/socket, says `ready` (or `taken`, when another has that folder) and lets go of
its standard streams. It is process 1 of a pid namespace of its own, holds the
bridges in its network namespace, starts each host (bubblewrap) and each program in a host (nsenter). What a lab
looks like is labctl's to know: it sends finished argument lists and lines for `ip -batch`.

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
import struct
import subprocess
import sys
import termios
import time

CHUNK = 65536
HIGH_WATER = 1 << 20
PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
NO_CAPS = ['/usr/bin/setpriv', '--ambient-caps=-all', '--inh-caps=-all']
ARGS, INFO, BLOCK = 10, 11, 12
LONELY = 20  # seconds without a lab, until it leaves: whoever started it is gone
UNLOCK_TERMINAL, OTHER_END = 0x40045431, 0x5441  # TIOCSPTLCK and TIOCGPTPEER, asm-generic/ioctls.h
JOIN_SESSION_KEYRING = 1  # keyctl(2)
PATIENCE = 5  # seconds, for whoever connected to say what they want
GRACE = 2  # seconds that a program's children may still print after its end; as long as Docker waits
STOPPED = 20  # milliseconds between two looks whether a stopped program goes on
FILE_SIZE = 256 << 20  # Far more than a host's folders hold.
LOG_SIZE = 16 << 20  # What a host's own first process prints is a file of this machine.
PROCESSOR_TIME = 600  # seconds of each process, where no control group shares processors out
PERIOD = 100000  # microseconds: the kernel's own default for sharing processors out


class Groups:
    """A control group for each host in each folder given: limits for a host as a whole (cgroups(7))."""

    def __init__(self, text=''):
        self.version, _, rest = text.partition(':')
        self.folders = dict(part.split('=') for part in rest.split(',')) if self.version == 'v1' else {}
        if self.version == 'v2':
            with open(f'{rest}/cgroup.subtree_control') as file:
                self.folders = {controller: rest for controller in file.read().split()}

    def files(self, controller, limits):
        memory, cpus = limits.get('memory'), limits.get('cpus')
        quota = cpus and round(cpus * PERIOD)
        return {
            ('pids', 'v1'): {'pids.max': limits.get('pids')},
            ('pids', 'v2'): {'pids.max': limits.get('pids')},
            ('memory', 'v1'): {'memory.limit_in_bytes': memory, 'memory.memsw.limit_in_bytes': memory},
            ('memory', 'v2'): {'memory.max': memory, 'memory.swap.max': memory and 0},
            ('cpu', 'v1'): {'cpu.cfs_period_us': quota and PERIOD, 'cpu.cfs_quota_us': quota},
            ('cpu', 'v2'): {'cpu.max': quota and f'{quota} {PERIOD}'},
        }.get((controller, self.version), {})

    def make(self, name, limits):
        for controller, folder in self.folders.items():
            os.makedirs(f'{folder}/{name}', exist_ok=True)
            for file, value in self.files(controller, limits).items():
                if value is not None and os.path.exists(f'{folder}/{name}/{file}'):  # Swap may not be accounted for.
                    write(f'{folder}/{name}/{file}', str(value))

    def take(self, name, pid):
        for folder in set(self.folders.values()):
            write(f'{folder}/{name}/cgroup.procs', str(pid))

    def enter(self, name):
        """By our only thread, where that is allowed: whoever moves a process with all of its threads waits some ten
        milliseconds for every processor first."""
        file = 'tasks' if self.version == 'v1' else 'cgroup.procs'
        for folder in set(self.folders.values()):
            write(f'{folder}/{name}/{file}', '0')

    def rlimits(self, limits, file_size=FILE_SIZE):
        """What holds for each process by itself, where it is not a host's control group that limits (prlimit(1))."""
        each = {'nproc': limits.get('pids'), 'fsize': file_size}
        if 'memory' not in self.folders:
            each['data'] = limits.get('memory')
        if 'cpu' not in self.folders:
            each['cpu'] = limits.get('cpus') and PROCESSOR_TIME
        return ['/usr/bin/prlimit', *(f'--{name}={value}' for name, value in each.items() if value)]


def write(path, text):
    with open(path, 'w') as file:
        file.write(text)


class Host:
    def __init__(self, name, spec):
        """bubblewrap makes the namespaces, tells the pid of its child, then waits until the network stands."""
        info, into_info = os.pipe()
        block, self.unblock = os.pipe()
        log = os.open(spec['log'], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
        null = os.open('/dev/null', os.O_RDONLY)
        args = os.memfd_create('args')  # A long line in htop otherwise.
        os.write(args, '\0'.join(spec['options']).encode() + b'\0')
        os.lseek(args, 0, os.SEEK_SET)
        fds = ['--args', str(ARGS), '--info-fd', str(INFO), '--block-fd', str(BLOCK)]
        argv = [*NO_CAPS, 'bwrap', *fds, '--', *groups.rlimits(spec['limits'], LOG_SIZE), '--', *spec['command']]
        places = [(null, 0), (log, 1), (log, 2), (args, ARGS), (into_info, INFO), (block, BLOCK)]
        # Away from the places first: a descriptor may be numbered like one of them.
        safe = [(fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 100), place) for fd, place in places]
        self.process = os.posix_spawnp(argv[0], argv, {'PATH': PATH}, setsid=True, setsigdef=[signal.SIGPIPE, signal.SIGXFSZ],
                                       file_actions=[(os.POSIX_SPAWN_DUP2, fd, place) for fd, place in safe])
        for fd in [null, log, args, into_info, block, *(fd for fd, _ in safe)]:
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


def same(one, other):
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


class Failure(Exception):
    """What went wrong, in words for the user."""


groups, hosts, lab = None, {}, {'description': None, 'version': 0}


def ip(batch):
    if batch:
        run(['ip', '-batch', '-'], batch)


def run(argv, text=''):
    done = subprocess.run(argv, input=text, text=True, capture_output=True, env={'PATH': PATH, 'LC_ALL': 'C'})
    if done.returncode != 0:
        raise Failure(f'{argv[0]}: {done.stderr.strip() or done.returncode}')


def take_away(batch):
    """What a dead host had may be gone already."""
    try:
        if batch:
            run(['ip', '-force', '-batch', '-'], batch)
    except Failure:
        pass


def inside(host):
    """The host's own side of its network: addresses by one `ip -batch`, kernel settings by plain writes."""
    return subprocess.Popen(['nsenter', '-t', str(host.pid), '-n', 'sh', '-ec', host.spec['setup']], text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                            env={'PATH': PATH, 'LC_ALL': 'C'})


def do_apply(request):
    if request['version'] != lab['version']:
        return {'outdated': True}  # Another labctl was quicker: this one has to look again.
    lab['version'] += 1
    for name in request['remove']:
        if name in hosts:
            hosts.pop(name).kill()
    take_away(request['away'])
    lab['description'] = request['left']
    new = {}
    try:
        ip(request['bridges'])
        for name, spec in request['hosts'].items():
            new[name] = Host(name, spec)
        for name, host in new.items():
            try:
                host.meet()
            except Failure as failure:
                raise Failure(f'host {name}: {failure}')
        ip(''.join(line.replace(f'{{{name}}}', str(new[name].pid)) + '\n' for name, line in request['wires']))
        for name, setup in [(name, inside(host)) for name, host in new.items()]:
            words = setup.communicate()[1].strip()
            if setup.returncode != 0:
                raise Failure(f'host {name}: {words}')
        for host in new.values():
            host.start()
        for name, host in new.items():
            host.settle(name)
    except BaseException:
        for host in new.values():
            host.kill()
        take_away(request['undo'])
        raise
    hosts.update(new)
    lab['description'] = request['description']
    return do_state(request)


def do_state(request):
    """With a `host`, only what is told of that one: whoever asks for each of many would be told of all each time."""
    description = lab['description']
    if description and 'host' in request:
        description = {**description, 'hosts': [one for one in description['hosts'] if one['name'] == request['host']]}
    return {'description': description, 'version': lab['version'], 'controllers': sorted(groups.folders),
            'running': [name for name, host in hosts.items() if host.code is None]}


def do_stop(_request):
    os._exit(0)


def do_exec(connection, request):
    """In a process of its own, because it lasts as long as the program does."""
    host = hosts.get(request['host'])
    on_wire = request['host'] is None  # With the bridges, in this very place: for nft and tc.
    if not on_wire and (host is None or host.code is not None):
        return send(connection, b'f', b'it does not run')
    listener.close()
    Program(connection, None if on_wire else host.pid, request).carry()
    part(connection)


def part(connection):
    """Closing with a frame unread, the end of an input that comes late, would take away what the other has yet to read."""
    try:
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(CHUNK):
            pass
    except OSError:  # It hung up.
        pass


def send(connection, kind, payload):
    connection.sendall(struct.pack('>cI', kind, len(payload)) + payload)


def command(pid, request):
    """Into the host's namespaces. A program of the ordinary user goes into its user namespace too, where it is nobody
    special; the recorder stays in ours, whose few rights named here hold in every host of this lab. By full paths, and
    with the program's environment only behind them: a host's own folders and variables are not to be trusted before."""
    program = ['/usr/bin/env', '-i', *(f'{name}={value}' for name, value in request['env'].items()),
               *(['/bin/sh', '-c', 'exec "$0" "$@"'] if '=' in request['argv'][0] else []), *request['argv']]
    if request.get('log'):
        return [*request['argv'], f'--pid={hosts[request["host"]].process}', '--', request['log']]
    if pid is None:
        return ['/usr/bin/setpriv', '--no-new-privs', *program]
    into = ['nsenter', '-t', str(pid), '-n', '-m', '-p', '-i', '-u', '--wdns=' + (request['dir'] or '/')]
    terminal = ['/usr/bin/setsid', *(['--ctty'] if request['terminal'] else [])]
    if request['root']:
        caps = '-all,' + ','.join('+' + cap for cap in request['caps'])
        limits = ['/usr/bin/setpriv', '--no-new-privs', '--inh-caps=' + caps, '--ambient-caps=' + caps]
    else:
        into += ['--user', '--preserve-credentials']
        limits = [*groups.rlimits(request['limits']), '/usr/bin/setpriv', '--no-new-privs']
    return [*into, '--', *terminal, *limits, *program]


def terminal_of(pid):
    """Of the host's own devpts, so that tty(1) and ps name it; both ends, by ioctl_tty(2)."""
    end = os.open(f'/proc/{pid}/root/dev/pts/ptmx', os.O_RDWR | os.O_NOCTTY)
    fcntl.ioctl(end, UNLOCK_TERMINAL, struct.pack('i', 0))
    return end, fcntl.ioctl(end, OTHER_END, os.O_RDWR | os.O_NOCTTY)


def status_of(pid):
    """State and parent of a process (proc_pid_stat(5))."""
    try:
        with open(f'/proc/{pid}/stat') as file:
            state, parent = file.read().rpartition(') ')[2].split()[:2]
            return state, int(parent)
    except OSError:
        return 'gone', 0


class Stop:
    """nsenter waits outside for its child in the host, and stops itself when that is stopped. Whoever lets the child go
    on from inside cannot reach it: we let it go on then, or it would never tell of the end."""

    def __init__(self):
        self.child = None
        self.woken, waker = os.pipe()
        for fd in (self.woken, waker):
            os.set_blocking(fd, False)
        signal.set_wakeup_fd(waker)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def noticed(self, process):
        os.read(self.woken, CHUNK)
        try:
            stopped = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG)
        except ChildProcessError:  # It ended: nothing of it can stop any more.
            return
        if stopped:
            pids = [int(pid) for pid in os.listdir('/proc') if pid.isdigit()]
            self.child = next((pid for pid in pids if status_of(pid)[1] == process.pid), None)

    def over(self, process):
        if self.child and status_of(self.child)[0] not in 'Tt':
            process.send_signal(signal.SIGCONT)
            self.child = None


class Program:
    def __init__(self, connection, pid, request):
        self.connection, self.terminal, self.mortal = connection, bool(request['terminal']), 'log' in request
        self.pending, self.closing, self.gone, self.text = b'', False, False, b''
        if self.terminal:
            self.stdin, slave = terminal_of(pid)
            self.resize(struct.pack('>HH', *request['terminal']))
            self.outputs = {self.stdin: b'o'}
            streams = [slave, slave, slave]
        else:
            (stdin, self.stdin), (out, into_out), (err, into_err) = os.pipe(), os.pipe(), os.pipe()
            self.outputs = {out: b'o', err: b'e'}
            streams = [stdin, into_out, into_err]
        os.set_blocking(self.stdin, False)
        self.stop = Stop()
        self.process = subprocess.Popen(command(pid, request), stdin=streams[0], stdout=streams[1], stderr=streams[2],
                                        env={'PATH': PATH, 'LC_ALL': 'C'}, cwd='/',
                                        preexec_fn=self.entrance(request))
        for fd in set(streams):
            os.close(fd)
        self.ended = os.pidfd_open(self.process.pid)

    def entrance(self, request):
        """Into the host's limits, before anything of the program runs; the recorder must not starve in them."""
        return None if request['root'] or not groups.folders else lambda: groups.enter(request['host'])

    def carry(self):
        deadline = None
        while self.outputs or self.ended is not None:
            poll = select.poll()
            poll.register(self.stop.woken, select.POLLIN)
            for fd in self.outputs:
                poll.register(fd, select.POLLIN)
            if self.ended is not None:
                poll.register(self.ended, select.POLLIN)
            if not self.gone and len(self.pending) < HIGH_WATER:
                poll.register(self.connection, select.POLLIN)
            if self.pending and self.stdin is not None:
                poll.register(self.stdin, select.POLLOUT | (select.POLLIN if self.stdin in self.outputs else 0))
            if self.ended is None and deadline is None:
                deadline = time.monotonic() + GRACE
            waiting = self.connection is not None and deadline is not None
            left = max(0, 1000 * (deadline - time.monotonic())) if waiting else STOPPED if self.stop.child else None
            for fd, event in poll.poll(left):
                self.turn(fd, event)
            if self.ended is not None:
                self.stop.over(self.process)
            if waiting and time.monotonic() >= deadline:
                self.let_go()

    def turn(self, fd, event):
        if fd == self.stop.woken:
            return self.stop.noticed(self.process)
        if fd == self.stdin and event & select.POLLOUT | (event & select.POLLERR and not self.terminal):
            self.feed()
        if fd in self.outputs and event & ~select.POLLOUT:
            self.printed(fd)
        elif fd == self.ended:
            os.close(fd)
            self.ended = None
            code = self.process.wait()
            self.send(b'x', struct.pack('>i', code if code >= 0 else 128 - code))
        elif not self.gone and fd == self.connection.fileno():
            self.hear()

    def printed(self, fd):
        try:
            data = os.read(fd, CHUNK)
        except BlockingIOError:
            return
        except OSError:  # A terminal whose other end is closed.
            data = b''
        if data:
            return self.send(self.outputs[fd], data)
        del self.outputs[fd]
        if fd == self.stdin:
            self.stdin = None
        os.close(fd)

    def send(self, kind, data):
        try:
            if kind == b'x' or not self.gone:
                send(self.connection, kind, data)
        except OSError:
            self.hang_up()

    def hear(self):
        try:
            data = self.connection.recv(CHUNK)
        except OSError:
            data = b''
        if not data:
            return self.hang_up()
        self.text += data
        while len(self.text) >= 5:
            kind, length = struct.unpack('>cI', self.text[:5])
            if len(self.text) < 5 + length:
                break
            payload, self.text = self.text[5:5 + length], self.text[5 + length:]
            if kind == b'w':
                self.resize(payload)
            elif kind == b'c':
                self.close_input()
            else:
                self.pending += payload
        self.feed()

    def feed(self):
        try:
            while self.pending and self.stdin is not None:
                self.pending = self.pending[os.write(self.stdin, self.pending):]
        except BlockingIOError:
            return
        except OSError:  # It reads no more.
            self.pending = b''
            self.closing = self.closing or not self.terminal
        if self.closing and self.stdin is not None and not self.terminal:
            os.close(self.stdin)
            self.stdin = None

    def close_input(self):
        if self.terminal:
            self.pending += b'\x04'
        else:
            self.closing = True

    def let_go(self):
        """It ended, and its children were waited for long enough: they go on, and nobody hears them."""
        self.connection.close()
        self.connection = None
        self.hang_up()

    def hang_up(self):
        """Nobody listens any more: its input ends, its output goes nowhere; how it ended may still be of interest."""
        self.gone, self.pending, self.closing = True, b'', True
        if self.mortal:
            self.process.kill()
        if self.terminal and self.stdin is not None:
            self.outputs.pop(self.stdin, None)
            os.close(self.stdin)
            self.stdin = None
        self.feed()

    def resize(self, payload):
        columns, rows = struct.unpack('>HH', payload)
        if self.stdin is not None and self.terminal:
            fcntl.ioctl(self.stdin, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))


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
        if os.fork() == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                do_exec(connection, request)
            except OSError as error:
                send(connection, b'f', str(error).encode())
            finally:
                os._exit(0)
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


def quiet(path):
    """No IPv6 on the bridges: its first packets would stand in every capture. A kernel without IPv6 has no such file."""
    try:
        with open(path, 'w') as file:
            file.write('1')
    except OSError:
        pass


def own_keys():
    """A session keyring of its own, nameless and empty: that of the caller is inherited (session-keyring(7)), and with it
    every secret in it, by whatever a host runs. Only now, while labctl makes its request."""
    import ctypes
    keyctl = {'x86_64': 250, 'i686': 288, 'armv7l': 311, 'ppc64le': 271, 's390x': 280}.get(os.uname().machine, 219)
    ctypes.CDLL(None).syscall(keyctl, JOIN_SESSION_KEYRING, None)


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
    for name in ('all', 'default'):
        quiet(f'/proc/sys/net/ipv6/conf/{name}/disable_ipv6')
    os.write(1, b'ready\n')
    null = os.open('/dev/null', os.O_RDWR)
    errors = os.open('keeper.errors', os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for fd, place in ((null, 0), (null, 1), (errors, 2)):
        os.dup2(fd, place)
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
        events = poll.poll(None if lab['description'] else LONELY * 1000)
        if not events and not lab['description']:
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


listener = None
main()
