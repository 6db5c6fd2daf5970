"""Start: a program in a host's namespaces, rights and limits, or beside the bridges; by system calls alone.

What nsenter(1), setsid(1), setpriv(1), prlimit(1) and env(1) would do one after the other, in the process that becomes
the program: they are five programs to load, and the first of them stays as long as the program does, between it and us.
"""

import fcntl
import os
import resource
import signal
import struct
import sys
import termios

PLACES = ('ipc', 'uts', 'net', 'mnt')  # The namespaces that every program of a host is in; the others are entered apart.
SECCOMP, SECCOMP_FILTER = 22, 2  # prctl(2)
NO_NEW_PRIVS, AMBIENT, AMBIENT_RAISE = 38, 47, 2  # prctl(2)
CAPABILITY_VERSION = 0x20080522  # capset(2)
CAPABILITIES = {'kill': 5, 'net_admin': 12, 'net_raw': 13, 'sys_ptrace': 19}  # capabilities(7)
ARGUMENTS = 45  # Where proc_pid_stat(5) has arg_start, counted behind the name.
NOT_THERE, NOT_STARTED = 127, 126  # What a shell answers.

ctypes, libc = None, None


def prepare():
    """Takes a while, and so is done once labctl knows that we are there."""
    global ctypes, libc
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)


def system(call, *args):
    if getattr(libc, call)(*args) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def start(request, first, streams):
    """The pid of a new process. `first` is the host's own first process, none for what runs beside the bridges."""
    doors = first and {name: os.open(f'/proc/{first}/ns/{name}', os.O_RDONLY) for name in ('pid', 'user', *PLACES)}
    if doors:
        system('setns', doors['pid'], 0)  # Holds for our children.
    pid = os.fork()
    if pid == 0:
        code = NOT_STARTED
        try:
            for place, fd in enumerate(streams):
                os.dup2(fd, place)
            code = become(request, doors)
        except (OSError, ValueError) as error:
            os.write(2, f'{request["argv"][0]}: cannot be started: {words_of(error)}\n'.encode())
        finally:
            os._exit(code)
    return pid


def words_of(error):
    words = (getattr(error, 'strerror', None) or str(error)).lower()
    return f'{error.filename}: {words}' if getattr(error, 'filename', None) else words


def become(request, doors):
    """Becomes the program; an exit code where there is none such, or when the script in its place is over."""
    if not doors:
        os.chdir('/')
        if not request.get('log'):
            system('prctl', NO_NEW_PRIVS, 1, 0, 0, 0)
        return execute(request)
    if not request['root']:  # The recorder must not starve in a host's limits.
        groups.enter(request['host'])
    for name in PLACES if request['root'] else (*PLACES, 'user'):
        system('setns', doors[name], 0)
    os.chdir(request['dir'] or '/')
    os.setsid()
    if request['terminal']:
        fcntl.ioctl(0, termios.TIOCSCTTY, 1)
    system('prctl', NO_NEW_PRIVS, 1, 0, 0, 0)
    if request['root']:
        keep(CAPABILITIES[name] for name in request['caps'])
    else:
        # Nobody special in the host's own user namespace: exec(2) takes away the rights that came with entering it.
        for name, value in groups.each(request['limits']).items():
            resource.setrlimit(getattr(resource, 'RLIMIT_' + name.upper()), (value, value))
    refuse_calls()
    return script(request) if request.get('script') else execute(request)


def refuse_calls():
    """To us from now on, and to all that we become or start."""
    if FILTER:
        system('prctl', SECCOMP, SECCOMP_FILTER, struct.pack('HP', len(FILTER) // 8, ctypes.cast(FILTER, ctypes.c_void_p).value))


def keep(capabilities):
    """These alone, and whatever we start has them too."""
    capabilities = list(capabilities)
    mask = sum(1 << one for one in capabilities)
    # Effective, permitted, inheritable; those above the 31st in a second set.
    system('capset', struct.pack('Ii', CAPABILITY_VERSION, 0), struct.pack('6I', mask, mask, mask, 0, 0, 0))
    for one in capabilities:
        system('prctl', AMBIENT, AMBIENT_RAISE, one, 0, 0)


def execute(request):
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them.
        signal.signal(number, signal.SIG_DFL)
    os.closerange(3, 1 << 20)
    argv = request['argv']
    try:
        os.execvpe(argv[0], argv, request['env'])
    except FileNotFoundError:
        os.write(2, f'{argv[0]}: there is no such program\n'.encode())
        return NOT_THERE
    except OSError as error:
        error.filename = None
        raise


def script(request):
    """A script of labctl's in this very Python, which is warm: to start another and to compile takes it 15 ms."""
    os.closerange(3, 1 << 20)
    os.environ.clear()
    os.environ.update(request['env'])
    sys.argv = ['-c', *request['argv']]
    show_as(['python3', '-c', 'script', *request['argv']])
    head, rest = (compiled.get(text, text) for text in request['script'])
    try:
        exec(head, {'__name__': '__main__', 'rest': rest})
        return 0
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1


compiled = {}  # What one host was asked for will be asked of every host: text → code.


def learn(text):
    if text not in compiled:
        compiled[text] = compile(text, 'script', 'exec')


def show_as(argv):
    """In ps and htop, in the place of our own arguments, which are nobody's business in a host."""
    with open('/proc/self/stat') as file:
        begin, end = map(int, file.read().rpartition(') ')[2].split()[ARGUMENTS:ARGUMENTS + 2])
    ctypes.memmove(begin, '\0'.join(argv).encode()[:end - begin - 1].ljust(end - begin, b'\0'), end - begin)
