"""Recorder: labctl's eyes and hands inside one host, alive exactly as long as its standard input stays open.

It starts one tcpdump per interface and passes on what they print. All that it does when it is told to stands in
recorder-orders.py, which is read when the first order comes: until the captures are ready every millisecond counts, on as
many hosts at once as there are. What any of it means is labctl's to know. It needs python3-minimal only (which has no
json).

Arguments: NONCE SECONDS [lo] …, in sys.argv as for any script; `rest` is the other text, or its code.
Input: one command a line, fields separated by tabs: ID VERB FIELD... (the VERBS of the other text).
Output: frames of kind (1 byte), channel (4 bytes), length (4 bytes), payload. A channel is the ID of the command that
opened it; captures count from 1, and call logs that came through the door from 2**30.
    h  hello, on channel 0: key=value lines     r  the channel is ready           d  bytes of the channel
    e  the channel ended, with its last words   x  its command failed, and why    n  a new call log: its name
    g  the program of this call log is gone
"""

# The C halves of signal, socket and collections: to load what Python puts around them, and subprocess, takes as long as
# all the rest until tcpdump is started.
import _signal as signal
import _socket as socket
import array
import fcntl
import os
import select
import struct
import sys
import time
from _collections import deque

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
WATCH_EVERY = 0.005  # At most, see Watch.
COUNTERS_EVERY = 0.002  # Reading them takes 0.06 ms: 3 % of one processor while packets come, nothing while none do.
PAUSE_ROUNDS, PAUSE_PACE = 200, 0.002
# ETHTOOL_SRXCSUM, STXCSUM, SSG, STSO, SGSO, SGRO (linux/ethtool.h): what `ethtool -K` calls rx, tx, sg, tso, gso, gro. By
# ioctl, because a process for each interface would be waited for before its tcpdump is started.
OFFLOADS = [0x15, 0x17, 0x19, 0x1F, 0x24, 0x2C]
ETHTOOL, ADDRESS, HARDWARE_ADDRESS = 0x8946, 0x8915, 0x8927  # SIOCETHTOOL, SIOCGIFADDR, SIOCGIFHWADDR: netdevice(7)


class Loop:
    """Waits for readable files and calls whoever reads them; frames leave through a standard output that never blocks,
    because a reader that is gone must not keep us from seeing that our input ended too."""

    def __init__(self):
        self.poll = select.poll()
        self.readers = {}
        self.frames = deque()
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
        """Whether anything was read."""
        stirred = False
        for fd, _ in self.poll.poll(max(0, seconds) * 1000):
            if fd == 1:
                self.flush()
            elif fd in self.readers:
                self.readers[fd]()
                stirred = True
        return stirred


def spawn(argv, uid, output, errors):
    """The pid of a new process. As root we have it become somebody else; where we are nobody special, it is who we are (see
    Engine: no root there)."""
    become = ['setpriv', f'--reuid={uid}', f'--regid={uid}', '--clear-groups', '--'] if os.getuid() == 0 != uid else []
    streams = [(os.POSIX_SPAWN_OPEN, 0, '/dev/null', os.O_RDONLY, 0)]
    streams += [(os.POSIX_SPAWN_DUP2, fd, place) for fd, place in ((output, 1), (errors, 2))]
    argv = [*become, *argv]
    return os.posix_spawnp(argv[0], argv, {'PATH': os.environ['PATH'], 'LC_ALL': 'C'}, file_actions=streams,
                           setsigdef=[signal.SIGPIPE, signal.SIGXFSZ])  # As Python ignores them itself.


def widen(pipe):
    """Room for what comes while we are busy. A user may have only so many pages in pipes, in all hosts of all labs together
    (pipe-user-pages-soft, pipe(7)): where none are left, a pipe stays as narrow as it is, and its tool waits sooner."""
    try:
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)
    except OSError:
        pass


class Child:
    """A tool: its output is the channel's bytes, its exit code and complaints are the channel's last words."""

    def __init__(self, channel, argv, uid):
        self.channel, self.words, self.open, self.code = channel, b'', 2, None
        output, into_output = os.pipe()
        errors, into_errors = os.pipe()
        widen(output)
        try:
            self.pid = spawn(argv, uid, into_output, into_errors)
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
            loop.send(b'e', self.channel, b'%d\n%s' % (self.wait(), self.words))

    def printed(self, data):
        loop.send(b'd', self.channel, data)

    def said(self, data):
        self.words = (self.words + data)[-CHUNK:]

    def wait(self, options=0):
        """Its exit code, negative after a signal; None with WNOHANG while it runs."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, options)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code

    def signal(self, number):
        if self.wait(os.WNOHANG) is None:
            os.kill(self.pid, number)


class Capture(Child):
    """tcpdump on one interface. It is ready when it says `listening on`, and may stop once our marker came by: a signal
    before that would throw away what still waits in its buffer, while its counters say that nothing was lost."""

    def __init__(self, channel, interface):
        self.interface, self.ready, self.tail, self.marked = interface, False, b'', False
        if interface != 'lo':
            switch_off(OFFLOADS, interface)
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
            self.signal(signal.SIGINT)
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
            socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).sendto(frame, (self.interface, MARKER_TYPE))
        except OSError:  # The interface is down or gone: nothing can follow.
            self.signal(signal.SIGINT)


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ''


def ask(request, interface, rest=b''):
    """An ioctl on an interface, by its name in a struct ifreq (netdevice(7)): not every host has a /sys of its own."""
    return fcntl.ioctl(asker, request, (interface.encode().ljust(16, b'\0') + rest).ljust(40, b'\0'))


def switch_off(features, interface):
    """What an interface cannot do cannot be switched off either."""
    for feature in features:
        value = array.array('I', [feature, 0])  # struct ethtool_value
        try:
            ask(ETHTOOL, interface, struct.pack('P', value.buffer_info()[0]))
        except OSError:
            pass


def hardware_address(interface):
    return ask(HARDWARE_ADDRESS, interface)[18:24]


def addresses(interface):
    """IPv4 by its ioctl, IPv6 from the kernel's table."""
    found = []
    try:
        found.append(socket.inet_ntoa(ask(ADDRESS, interface)[20:24]))
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


def begin():
    """The first order has come, or the end of them all."""
    global commands
    exec(rest, globals())
    commands = Commands()


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
        deadline = time.monotonic() + SECONDS
        loop.read(0, begin)
        while (commands is None or commands.open) and time.monotonic() < deadline:
            pause = min(watch.wait() if watch else 60, counters.wait() if counters else 60)
            stirred = loop.turn(min(pause, deadline - time.monotonic()))
            if watch:
                watch.stirred = 2 if stirred else watch.stirred
                watch.look()
            if counters:
                counters.look()
    finally:
        if commands is None:
            begin()
        leave()


loop, asker = Loop(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
captures, commands, watch, counters = {}, None, None, None
main()
