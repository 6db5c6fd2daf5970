"""Programs: carries the streams of one that runs between it and labctl, and tells how it ended."""

import fcntl
import os
import select
import signal
import socket
import struct
import termios
import time

HIGH_WATER = 1 << 20
UNLOCK_TERMINAL, OTHER_END = 0x40045431, 0x5441  # TIOCSPTLCK and TIOCGPTPEER, asm-generic/ioctls.h
GRACE = 2  # seconds that a program's children may still print after its end; as long as Docker waits


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


def terminal_of(pid):
    """Of the host's own devpts, so that tty(1) and ps name it; both ends, by ioctl_tty(2)."""
    end = os.open(f'/proc/{pid}/root/dev/pts/ptmx', os.O_RDWR | os.O_NOCTTY)
    fcntl.ioctl(end, UNLOCK_TERMINAL, struct.pack('i', 0))
    return end, fcntl.ioctl(end, OTHER_END, os.O_RDWR | os.O_NOCTTY)


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
        self.pid = start(request, pid, streams)
        for fd in set(streams):
            os.close(fd)
        self.ended = os.pidfd_open(self.pid)

    def carry(self):
        deadline = None
        while self.outputs or self.ended is not None:
            poll = select.poll()
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
            left = max(0, 1000 * (deadline - time.monotonic())) if waiting else None
            for fd, event in poll.poll(left):
                self.turn(fd, event)
            if waiting and time.monotonic() >= deadline:
                self.let_go()

    def turn(self, fd, event):
        if fd == self.stdin and event & select.POLLOUT | (event & select.POLLERR and not self.terminal):
            self.feed()
        if fd in self.outputs and event & ~select.POLLOUT:
            self.printed(fd)
        elif fd == self.ended:
            os.close(fd)
            self.ended = None
            code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
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
            os.kill(self.pid, signal.SIGKILL)
        if self.terminal and self.stdin is not None:
            self.outputs.pop(self.stdin, None)
            os.close(self.stdin)
            self.stdin = None
        self.feed()

    def resize(self, payload):
        columns, rows = struct.unpack('>HH', payload)
        if self.stdin is not None and self.terminal:
            fcntl.ioctl(self.stdin, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))


