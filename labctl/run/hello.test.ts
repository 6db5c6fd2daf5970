import { describe, expect, it } from 'vitest';
import { parseCaptureCounts, parseHello } from './hello.ts';

describe('parseHello', () => {
  it('reads interfaces with their addresses, and the kernel’s settings', () => {
    const text = [
      'pid=66',
      'session=66',
      'kernel=6.1.0-13-amd64',
      'clock=1795385300.2',
      'folder=/dev/shm/labctl-run-abc',
      'interface=1 eth0 02:42:ac:15:00:02 172.21.0.2 fe80::1',
      'interface=2 lo 00:00:00:00:00:00 127.0.0.1',
      'sysctl=net.ipv4.ip_local_port_range 32768 60999',
    ].join('\n');
    expect(parseHello(text)).toEqual({
      pid: 66,
      session: 66,
      kernel: '6.1.0-13-amd64',
      folder: '/dev/shm/labctl-run-abc',
      interfaces: [
        { channel: 1, name: 'eth0', mac: '02:42:ac:15:00:02', addresses: ['172.21.0.2', 'fe80::1'] },
        { channel: 2, name: 'lo', mac: '00:00:00:00:00:00', addresses: ['127.0.0.1'] },
      ],
      sysctls: { 'net.ipv4.ip_local_port_range': '32768 60999' },
    });
  });
});

describe('parseCaptureCounts', () => {
  it('reads what tcpdump says when it ends', () => {
    const words =
      '0\ntcpdump: listening on eth0\n1 packet captured\n3 packets received by filter\n2 packets dropped by kernel\n';
    expect(parseCaptureCounts(words)).toEqual({ captured: 1, received: 3, dropped: 2 });
  });

  it('knows nothing of a tcpdump that was killed', () => {
    expect(parseCaptureCounts('-9\ntcpdump: listening on eth0\n')).toBeUndefined();
  });
});
