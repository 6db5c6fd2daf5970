"""Recorder: labctl's eyes and hands inside one host, alive exactly as long as its standard input stays open.

It starts one tcpdump per interface, reads the call logs of programs, watches the socket table, runs short tools and
sends signals; what any of it means is labctl's to know. It needs python3-minimal only (which has no json).

    python3 -I -S -c 'exec(open(0, "rb", closefd=False).read(LENGTH))' NONCE SECONDS [lo] [only=INTERFACE]... [filter=EXPRESSION]

Input: this text, which would be a long line in htop otherwise; then one command a line, fields separated by tabs: ID VERB FIELD... (the VERBS below).
Output: frames of kind (1 byte), channel (4 bytes), length (4 bytes), payload. A channel is the ID of the command that
opened it; captures count from 1, and call logs that came through the door from 2**30.
    h  hello, on channel 0: key=value lines     r  the channel is ready           d  bytes of the channel
    e  the channel ended, with its last words   x  its command failed, and why    n  a new call log: its name
    g  the program of this call log is gone
"""

import collections
import fcntl
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time

NONCE, SECONDS, OPTIONS = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
ONLY = [option[5:] for option in OPTIONS if option.startswith('only=')]
FILTERS = [option[7:] for option in OPTIONS if option.startswith('filter=')]
MARKER = b'labctl-end' + NONCE.encode()
MARKER_TYPE = 0x88B5  # IEEE 802 local experimental EtherType 1: no stack answers it.
FOLDER = '/dev/shm/labctl-run-' + NONCE
DOOR = '/dev/shm/labctl-rec'
STUDENT = 1000
CHUNK = 65536
HIGH_WATER = 16 << 20  # A burst waits here rather than in the buffer of tcpdump, which drops.
WATCH_EVERY = 0.005
COUNTERS_EVERY = 0.002  # Reading them takes 0.06 ms: 3 % of one processor while packets come, nothing while none do.
PAUSE_ROUNDS, PAUSE_PACE = 200, 0.002
OFFLOADS = 'rx off tx off sg off tso off gso off gro off'.split()


class Loop:
    """Waits for readable files and calls whoever reads them; frames leave through a standard output that never blocks,
    because a reader that is gone must not keep us from seeing that our input ended too."""

    def __init__(self):
        self.poll = select.poll()
        self.readers = {}
        self.frames = collections.deque()
        self.waiting = 0
        self.paused = False
        os.set_blocking(1, False)
        self.poll.register(1, 0)

    def read(self, fd, callback):
        os.set_blocking(fd, False)
        self.readers[fd] = callback
        if not self.paused:
            self.poll.register(fd, select.POLLIN)

    def forget(self, fd):
        del self.readers[fd]
        if not self.paused or fd == 0:
            self.poll.unregister(fd)
        os.close(fd)

    def send(self, kind, channel, payload=b''):
        if isinstance(payload, str):
            payload = payload.encode('utf-8', 'replace')
        frame = struct.pack('>cII', kind, channel, len(payload)) + payload
        if not self.frames:
            self.poll.modify(1, select.POLLOUT)
        self.frames.append(memoryview(frame))
        self.waiting += len(frame)
        if self.waiting > HIGH_WATER:
            self.pause(True)

    def flush(self):
        while self.frames:
            try:
                sent = os.write(1, self.frames[0][:CHUNK])
            except BlockingIOError:
                break
            self.waiting -= sent
            rest = self.frames.popleft()[sent:]
            if rest:
                self.frames.appendleft(rest)
        if not self.frames:
            self.poll.modify(1, 0)
        if self.waiting < HIGH_WATER // 2:
            self.pause(False)

    def pause(self, paused):
        """While labctl is slow, nothing but its commands is read; tcpdump's buffer and the programs wait."""
        if paused == self.paused:
            return
        self.paused = paused
        for fd in self.readers:
            if fd != 0:
                self.poll.unregister(fd) if paused else self.poll.register(fd, select.POLLIN)

    def turn(self, seconds):
        for fd, _ in self.poll.poll(max(0, seconds) * 1000):
            if fd == 1:
                self.flush()
            elif fd in self.readers:
                self.readers[fd]()


loop = Loop()


class Child:
    """A tool: its output is the channel's bytes, its exit code and complaints are the channel's last words."""

    def __init__(self, channel, argv, uid):
        self.channel, self.words, self.open = channel, b'', 2
        # As root we become somebody else; where we are nobody special, we stay who we are (see Engine: no root there).
        user = {'user': uid, 'group': uid, 'extra_groups': []} if os.getuid() == 0 else {}
        output, into_output = os.pipe()
        errors, into_errors = os.pipe()
        fcntl.fcntl(output, fcntl.F_SETPIPE_SZ, 1 << 20)
        try:
            self.process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=into_output, stderr=into_errors, cwd='/',
                **user, env={'PATH': os.environ['PATH'], 'LC_ALL': 'C'})
        finally:
            os.close(into_output)
            os.close(into_errors)
        loop.read(output, lambda: self.take(output, self.printed))
        loop.read(errors, lambda: self.take(errors, self.said))

    def take(self, fd, use):
        data = os.read(fd, CHUNK)
        if data:
            return use(data)
        loop.forget(fd)
        self.open -= 1
        if self.open == 0:
            loop.send(b'e', self.channel, b'%d\n%s' % (self.process.wait(), self.words))

    def printed(self, data):
        loop.send(b'd', self.channel, data)

    def said(self, data):
        self.words = (self.words + data)[-CHUNK:]


class Capture(Child):
    """tcpdump on one interface. It is ready when it says `listening on`, and may stop once our marker came by: a signal
    before that would throw away what still waits in its buffer, while its counters say that nothing was lost."""

    def __init__(self, channel, interface):
        self.interface, self.ready, self.tail, self.marked = interface, False, b'', False
        if interface != 'lo':
            subprocess.run(['ethtool', '-K', interface, *OFFLOADS], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # A bridge that has forgotten where an address lives sends to everybody: that is no packet of this host. By
        # address, not by `outbound`: libpcap filters the first packets a second time, in its own memory, where the
        # direction is not known, and drops them.
        mine = [] if interface == 'lo' else [f'(ether host {self.address()} or ether multicast)']
        # Our marker passes every filter; it comes first, because words such as `vlan` move the places of all that follow.
        wanted = [f'(ether proto {MARKER_TYPE} or ({text}))' for text in FILTERS]
        super().__init__(channel, ['tcpdump', '-n', '-U', '--immediate-mode', '-s', '2000', '-B', '16384',
                                   '-w', '-', '-i', interface, ' and '.join(mine + wanted)], 0)

    def address(self):
        return hardware_address(self.interface).hex(':')

    def printed(self, data):
        super().printed(data)
        if counters:
            counters.due = True
        if self.marked and MARKER in self.tail + data:
            self.process.send_signal(signal.SIGINT)
        self.tail = (self.tail + data)[-len(MARKER):]

    def said(self, data):
        super().said(data)
        if not self.ready and b'listening on' in self.words:
            self.ready = True
            loop.send(b'r', self.channel, self.interface)

    def mark(self):
        """Sends the marker to the interface's own address, so that no other host gets it."""
        self.marked = True
        address = hardware_address(self.interface)
        frame = (address + address + struct.pack('>H', MARKER_TYPE) + MARKER).ljust(60, b'\0')
        try:
            with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as wire:
                wire.sendto(frame, (self.interface, MARKER_TYPE))
        except OSError:  # The interface is down or gone: nothing can follow.
            self.process.send_signal(signal.SIGINT)


class CallLog:
    """A FIFO that a program's strace writes to. Until it does, we hold a writing end too, or there would be an end of
    file before the beginning. Its first line, where `headed`, is the program's pid."""

    def __init__(self, channel, path, headed):
        self.channel, self.path, self.headed = channel, path, headed
        self.fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self.keeper = os.open(path, os.O_WRONLY)
        loop.read(self.fd, self.take)

    def take(self):
        data = os.read(self.fd, CHUNK)
        if self.headed and data:
            line, _, data = data.partition(b'\n')
            self.headed = False
            loop.send(b'r', self.channel, line)
            self.follow(line)
            if not data:
                return
        if data:
            loop.send(b'd', self.channel, data)
            self.release()
        else:
            self.close()

    def follow(self, pid):
        """Tells of the program's end at once; the engine may take longer, while children hold its output open."""
        try:
            sessions.add(int(pid))
            fd = os.pidfd_open(int(pid))
        except (OSError, ValueError):
            return loop.send(b'g', self.channel)
        loop.read(fd, lambda: (loop.forget(fd), loop.send(b'g', self.channel)))

    def release(self):
        if self.keeper is not None:
            os.close(self.keeper)
            self.keeper = None

    def close(self):
        self.release()
        if logs.pop(self.channel, None):
            loop.forget(self.fd)
            unlink(self.path)
            loop.send(b'e', self.channel)


class Door:
    """Where programs that labctl started by hand (`labctl shell`, `labctl exec`) find this recorder: each leaves its
    pid in the FIFO `door` and writes its calls to a FIFO of that name."""

    def __init__(self):
        other = read(DOOR + '/pid').strip()
        if other and os.path.isdir('/proc/' + other):
            raise RuntimeError('somebody records this lab already')
        old = os.umask(0)
        os.makedirs(DOOR, 0o1777, exist_ok=True)
        unlink(DOOR + '/door')
        os.mkfifo(DOOR + '/door', 0o666)
        os.umask(old)
        with open(DOOR + '/pid', 'w') as file:
            file.write(f'{os.getpid()}\n')
        self.next, self.sessions = 1 << 30, set()
        self.text = b''
        self.fd = os.open(DOOR + '/door', os.O_RDWR | os.O_NONBLOCK)
        loop.read(self.fd, self.take)

    def take(self):
        *lines, self.text = (self.text + os.read(self.fd, CHUNK)).split(b'\n')
        for line in lines:
            if line.isdigit():
                self.open(line.decode())

    def open(self, pid):
        try:
            log = CallLog(self.next, f'{DOOR}/{pid}', False)
        except OSError:
            return
        logs[self.next] = log
        self.sessions.add(int(pid))
        loop.send(b'n', self.next, pid)
        self.next += 1

    def shut(self):
        for name in os.listdir(DOOR):
            unlink(f'{DOOR}/{name}')
        try:
            os.rmdir(DOOR)
        except OSError:
            pass


class Watch:
    """The socket table, pushed when it changed. Only watched while labctl waits for something to appear in it."""

    def __init__(self, channel):
        self.channel, self.seen = channel, None

    def look(self):
        tables = [read(f'/proc/net/{name}') for name in ('tcp', 'tcp6', 'udp', 'udp6')]
        # Timers count on in every row; they are no change.
        seen = [[row.split()[1:5] + row.split()[9:10] for row in table.splitlines()[1:]] for table in tables]
        if seen != self.seen:
            self.seen = seen
            loop.send(b'd', self.channel, '\0'.join(tables))


class Counters:
    """Kernel counters that tell why a segment was sent again, read soon after packets were seen. Of what rose a line is
    pushed: between which two readings, and by how much."""

    NAMES = {
        '/proc/net/netstat': ('TcpExt:', 'TCPTimeouts TCPLossProbes TCPFastRetrans TCPSlowStartRetrans TCPSynRetrans '
                              'TCPLostRetransmit TCPLossProbeRecovery TCPSpuriousRTOs TCPDSACKRecv ListenOverflows '
                              'ListenDrops'.split()),
        '/proc/net/snmp': ('Tcp:', ['RetransSegs', 'OutRsts', 'AttemptFails']),
    }

    def __init__(self, channel):
        self.channel, self.due, self.tables = channel, False, []
        for path, (label, names) in self.NAMES.items():
            fd = os.open(path, os.O_RDONLY)
            there = self.rows(fd, label)[0].decode().split()
            columns = [(label[:-1] + name, there.index(name)) for name in names if name in there]
            self.tables.append((fd, label, columns))
        self.at = time.time()
        self.values = self.take()

    @staticmethod
    def rows(fd, label):
        """Names, then values. Lines of other protocols may come to stand before them: IcmpMsg with the first ICMP."""
        return [line for line in os.pread(fd, CHUNK, 0).split(b'\n') if line.startswith(label.encode() + b' ')]

    def take(self):
        values = {}
        for fd, label, columns in self.tables:
            row = self.rows(fd, label)[1].split()
            values.update((name, int(row[column])) for name, column in columns)
        return values

    def wait(self):
        """Seconds until they may be read again."""
        return self.at + COUNTERS_EVERY - time.time() if self.due else 60

    def look(self):
        if self.wait() > 0:
            return
        self.due, began = False, time.time()
        values = self.take()
        rose = [f'{name}={value - self.values[name]}' for name, value in values.items() if value != self.values[name]]
        if rose:
            loop.send(b'd', self.channel, f'{self.at:.6f} {time.time():.6f} {" ".join(rose)}\n')
        self.at, self.values = began, values


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ''


def unlink(path):
    try:
        os.unlink(path)
    except OSError:
        pass


def family(sessions):
    """(pid, is it a tracer?) of each process that these programs began: of their sessions, or traced from there because
    it made a session of its own. Both files can be read without any privilege."""
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')) if sessions else ():
        fields = read(f'/proc/{pid}/stat').rpartition(') ')[2].split()
        tracer = read(f'/proc/{pid}/status').partition('TracerPid:')[2].split()
        if len(fields) > 3 and fields[0] != 'Z' and tracer:
            found.append((int(pid), int(fields[3]), int(tracer[0])))
    inside = {pid for pid, session, _ in found if session in sessions}
    tracers = {tracer for _, _, tracer in found}
    return [(pid, pid in tracers) for pid, _, tracer in found if pid in inside or tracer in inside]


def programs():
    """(pid, state) of each process of this host but its first one, ourselves with our tools, and tracers of programs."""
    own, found, tracers = os.getsid(0), [], set()
    for pid in filter(str.isdigit, os.listdir('/proc')):
        fields = read(f'/proc/{pid}/stat').rpartition(') ')[2].split()
        tracers.add(read(f'/proc/{pid}/status').partition('TracerPid:')[2].partition('\n')[0].strip())
        if len(fields) > 3 and pid != '1' and int(fields[3]) != own and fields[0] not in 'ZX':
            found.append((pid, fields[0]))
    return [(int(pid), state) for pid, state in found if pid not in tracers]


def kill(pid, number):
    try:
        os.kill(pid, number)
    except OSError:
        pass


def still(pid):
    """Returns once a program that was told to stop has stopped. A stop arrives soon, not at once: until then one that waits
    for bytes would take those that come. A tracer stops it for moments, too, so it is looked at twice."""
    seen = 0
    for _ in range(PAUSE_ROUNDS):
        seen = seen + 1 if read(f'/proc/{pid}/stat').rpartition(') ')[2][:1] in ('T', 't') else 0
        if seen > 1:
            return
        time.sleep(PAUSE_PACE)


captures, logs, tools, sessions, paused = {}, {}, [], set(), set()
watch = door = counters = None


def do_tool(channel, uid, *argv):
    tools.append(Child(channel, argv, int(uid)))


def do_calls(channel):
    path = f'{FOLDER}/{channel}'
    old = os.umask(0)
    os.mkfifo(path, 0o666)
    os.umask(old)
    logs[channel] = CallLog(channel, path, True)
    loop.send(b'r', channel, path)


def do_done(channel, log):
    """The program ended: if its strace never wrote, nobody will."""
    if int(log) in logs:
        logs[int(log)].release()


def do_door(channel):
    global door
    door = Door()
    loop.send(b'r', channel, DOOR)


def do_counters(channel):
    global counters
    counters = Counters(channel)


def do_watch(channel):
    global watch
    watch = Watch(channel)


def do_unwatch(channel):
    global watch
    watch = None


def do_signal(channel, pid, name):
    """One program, and only if it is one of ours: sessions are named by their first process."""
    if int(pid) in sessions:
        kill(int(pid), getattr(signal, 'SIG' + name))
        if name == 'STOP':
            still(int(pid))
    loop.send(b'r', channel)


def do_pause(channel):
    """Stops every program of this host. The kernel goes on, and so do we: what it does without them is to be seen. A stop
    arrives soon, not at once, and who forks meanwhile has a child that got none: again, until nobody moves."""
    for _ in range(PAUSE_ROUNDS):
        there = programs()
        fresh = [pid for pid, state in there if pid not in paused and state != 'T']
        for pid in fresh:
            kill(pid, signal.SIGSTOP)
        paused.update(fresh)
        if not fresh and all(state in 'Tt' for _, state in there):
            return loop.send(b'r', channel)
        time.sleep(PAUSE_PACE)
    resume()
    raise RuntimeError('its programs would not all stop')


def resume():
    """Those that were stopped before stay so."""
    for pid in paused:
        kill(pid, signal.SIGCONT)
    paused.clear()


def do_resume(channel):
    resume()
    loop.send(b'r', channel)


def do_sweep(channel):
    """Ends what is left of our programs; their tracers write the last lines, then end by themselves. Programs that came
    through the door are their users': those lose their tracers and go on."""
    for pid, tracer in family(sessions):
        if not tracer:
            kill(pid, signal.SIGKILL)
    for pid, tracer in family(door.sessions if door else ()):
        if tracer:
            kill(pid, signal.SIGTERM)


def do_end(channel):
    for capture in captures.values():
        capture.mark()


VERBS = {'tool': do_tool, 'calls': do_calls, 'done': do_done, 'door': do_door, 'counters': do_counters, 'watch': do_watch, 'unwatch': do_unwatch,
         'signal': do_signal, 'pause': do_pause, 'resume': do_resume, 'sweep': do_sweep, 'end': do_end}


class Commands:
    """Standard input: our orders, and our lifeline."""

    def __init__(self):
        self.text, self.open = b'', True
        loop.read(0, self.take)

    def take(self):
        data = os.read(0, CHUNK)
        if not data:
            self.open = False
        *lines, self.text = (self.text + data).split(b'\n')
        for line in lines:
            channel, verb, *fields = line.decode().split('\t')
            try:
                VERBS[verb](int(channel), *fields)
            except Exception as error:
                loop.send(b'x', int(channel), str(error))


def hardware_address(interface):
    """By SIOCGIFHWADDR (netdevice(7)): not every host has a /sys of its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        return fcntl.ioctl(asker, 0x8927, interface.encode().ljust(40, b'\0'))[18:24]


def addresses(interface):
    """IPv4 by SIOCGIFADDR (netdevice(7)), IPv6 from the kernel's table."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        try:
            answer = fcntl.ioctl(asker, 0x8915, interface.encode().ljust(40, b'\0'))
            found.append(socket.inet_ntoa(answer[20:24]))
        except OSError:
            pass
    for row in read('/proc/net/if_inet6').splitlines():
        if row.split()[5] == interface:
            found.append(socket.inet_ntop(socket.AF_INET6, bytes.fromhex(row.split()[0])))
    return ' '.join(found)


def hello():
    lines = [f'pid={os.getpid()}', f'session={os.getsid(0)}', f'kernel={os.uname().release}', f'clock={time.time()}']
    lines += [f'folder={FOLDER}']
    for channel, capture in captures.items():
        address = capture.address()
        lines.append(f'interface={channel} {capture.interface} {address} {addresses(capture.interface)}')
    for name in sorted(os.listdir('/proc/sys/net/ipv4')):
        if name.startswith('tcp_') or name == 'ip_local_port_range':
            value = ' '.join(read('/proc/sys/net/ipv4/' + name).split())
            lines.append(f'sysctl=net.ipv4.{name} {value}')
    loop.send(b'h', 0, '\n'.join(lines))


def leave():
    """Whatever happened, nothing of us stays: programs, their tracers, tools, tcpdump, FIFOs."""
    resume()
    for pid, _ in family(sessions):
        kill(pid, signal.SIGKILL)
    do_sweep(0)
    for _ in range(30):
        if not any(tracer for _, tracer in family(door.sessions if door else ())):
            break
        time.sleep(0.01)
    children = [child.process for child in (*captures.values(), *tools) if child.process.poll() is None]
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(0.3)
        except subprocess.TimeoutExpired:
            child.kill()
    for name in os.listdir(FOLDER):
        unlink(f'{FOLDER}/{name}')
    os.rmdir(FOLDER)
    if door:
        door.shut()


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.mkdir(FOLDER, 0o711)
    try:
        there = sorted(name for _, name in socket.if_nameindex())
        names = [name for name in there if (name in ONLY if ONLY else name != 'lo' or 'lo' in OPTIONS)]
        for channel, name in enumerate(names, 1):
            captures[channel] = Capture(channel, name)
        hello()
        commands, deadline = Commands(), time.monotonic() + SECONDS
        while commands.open and time.monotonic() < deadline:
            pause = min(WATCH_EVERY if watch else 60, counters.wait() if counters else 60)
            loop.turn(min(pause, deadline - time.monotonic()))
            if watch:
                watch.look()
            if counters:
                counters.look()
    finally:
        leave()


main()
