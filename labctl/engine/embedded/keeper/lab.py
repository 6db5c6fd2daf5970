"""Lab: what stands, and how it becomes what was asked for. What that looks like is labctl's to know: it sends finished
argument lists and lines for `ip -batch`."""

import subprocess

CONNECTIONS = 'tcp_child_ehash_entries', '4096'
KEPT = 'tcp_max_tw_buckets', 'tcp_max_syn_backlog'

hosts, lab, usual = {}, {'description': None, 'version': 0}, {}


def prefer(path, value):
    """Not every kernel has every setting."""
    try:
        with open('/proc/sys/net/' + path, 'w') as file:
            file.write(value)
    except OSError:
        pass


def calm():
    """No IPv6 on the bridges: its first packets would stand in every capture. And for each host a table of connections of
    its own (ip-sysctl, tcp_child_ehash_entries, since Linux 6.1): who lists sockets, as ss and our recorders do many times a
    second, walks through all of the table, which is otherwise the machine's, of a hundred thousand rows and more."""
    for name in ('all', 'default'):
        prefer(f'ipv6/conf/{name}/disable_ipv6', '1')
    for name in KEPT:  # The kernel makes them smaller with the table; a host's are to be as on any other machine.
        try:
            with open('/proc/sys/net/ipv4/' + name) as file:
                usual[name] = file.read().strip()
        except OSError:
            pass
    prefer('ipv4/' + CONNECTIONS[0], CONNECTIONS[1])


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
    as_usual = ''.join(f'echo {value} >/proc/sys/net/ipv4/{name}\n' for name, value in usual.items())
    return subprocess.Popen(['nsenter', '-t', str(host.pid), '-n', 'sh', '-ec', as_usual + host.spec['setup']], text=True,
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
