"""Groups: the limits of a host as a whole, by control groups (cgroups(7)), and of each of its processes where those are not."""

import os

FILE_SIZE = 256 << 20  # Far more than a host's folders hold.
PROCESSOR_TIME = 600  # seconds of each process, where no control group shares processors out
PERIOD = 100000  # microseconds: the kernel's own default for sharing processors out


class Groups:
    """A control group for each host in each folder given."""

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

    def each(self, limits, file_size=FILE_SIZE):
        """What holds for each process by itself, by its name in getrlimit(2), where it is not a host's group that limits."""
        found = {'nproc': limits.get('pids'), 'fsize': file_size}
        if 'memory' not in self.folders:
            found['data'] = limits.get('memory')
        if 'cpu' not in self.folders:
            found['cpu'] = limits.get('cpus') and PROCESSOR_TIME
        return {name: value for name, value in found.items() if value}


def write(path, text):
    with open(path, 'w') as file:
        file.write(text)


groups = Groups()
