"""Orders: what a recorder does when labctl tells it to; the second part of recorder.py, whose names it shares.

It reads the call logs of programs, watches the socket table and the kernel's counters, runs short tools, sends signals,
and sees to it in the end that nothing stays. The VERBS below are all there is to be told.
"""

logs, tools, sessions, paused = {}, [], set(), set()
door = hold = None
HOLD = b'\0labctl-run'


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
    """The socket table, pushed when it changed. Only watched while labctl waits for something to appear in it.

    To read it takes 0.3 to 8 ms, by the size of the kernel's table of connections, so how soon again depends on how much
    of a processor it took: half while packets or calls come, which change it (twice, as programs follow packets), and a
    tenth while none do."""

    def __init__(self, channel):
        self.channel, self.seen, self.stirred = channel, None, 2
        self.took = self.at = 0

    def wait(self):
        """Seconds until it is read again."""
        return self.at + max(WATCH_EVERY, self.took * (1 if self.stirred else 10)) - time.monotonic()

    def look(self):
        if self.wait() > 0:
            return
        self.stirred, began = max(0, self.stirred - 1), time.process_time()
        self.read()
        self.at, self.took = time.monotonic(), time.process_time() - began

    def read(self):
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


def do_hold(channel, words):
    """This host is ours alone, until we are gone; who holds it already is told instead. The name is the host's own: a
    socket without an address in the file system belongs to a network namespace (unix(7))."""
    global hold
    hold = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        hold.bind(HOLD)
    except OSError:
        hold.settimeout(0.5)
        hold.connect(HOLD)
        raise RuntimeError(hold.recv(CHUNK).decode())
    hold.listen()
    loop.read(hold.fileno(), lambda: socket.socket(fileno=hold._accept()[0]).send(words.encode()))
    loop.send(b'r', channel)


def do_end(channel):
    for capture in captures.values():
        capture.mark()


VERBS = {'tool': do_tool, 'calls': do_calls, 'done': do_done, 'door': do_door, 'counters': do_counters, 'watch': do_watch, 'unwatch': do_unwatch,
         'signal': do_signal, 'pause': do_pause, 'resume': do_resume, 'sweep': do_sweep, 'hold': do_hold, 'end': do_end}


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
    children = [*captures.values(), *tools]
    for number, patience in ((signal.SIGTERM, 0.3), (signal.SIGKILL, 0.3)):
        for child in children:
            child.signal(number)
        deadline = time.monotonic() + patience
        while any(child.wait(os.WNOHANG) is None for child in children) and time.monotonic() < deadline:
            time.sleep(0.002)
    for name in os.listdir(FOLDER):
        unlink(f'{FOLDER}/{name}')
    os.rmdir(FOLDER)
    if door:
        door.shut()
