import { describe, expect, it } from 'vitest';
import { parseTcpSamples } from './tcp-samples.ts';

// As iproute2 6.1 printed them while a rate of 10 Mbit/s held the connection, shortened behind what is read.
const text = `# 1795521157395000 1795521157399000
ESTAB 0      242064 10.213.0.3:41382 10.213.0.2:5000 reno wscale:9,9 rto:208 rtt:7.119/8.2 mss:1448 pmtu:1500 rcvmss:536 advmss:1448 cwnd:55 bytes_sent:125208 bytes_retrans:1176 bytes_acked:64641 segs_out:90 unacked:42 retrans:0/1 dsack_dups:1 notsent:182672 minrtt:0.083 snd_wnd:59392
# 1795521157600000 1795521157600100
# 1795521157651000 1795521157651000
ESTAB 0      556256 10.213.0.3:41382 [::ffff:10.213.0.2]:5000 bbr wscale:9,9 rto:312 mss:1448 cwnd:91 ssthresh:91 unacked:183 retrans:59/60 lost:76 sacked:75 dsack_dups:1 minrtt:0.083
SYN-SENT 0      1      10.213.0.3:41384 10.213.0.2:5000 cubic rto:1000 cwnd:10
ESTAB 0      5562`;

describe('parseTcpSamples', () => {
  it('tells windows and what is in flight in bytes, at the middle of question and answer', () => {
    const [local, peer] = [
      { address: '10.213.0.3', port: 41382 },
      { address: '10.213.0.2', port: 5000 },
    ];
    expect(parseTcpSamples(text, 'client1')).toEqual([
      {
        ...{ host: 'client1', at: 1_795_521_157_397_000, local, peer, algorithm: 'reno' },
        ...{ congestionWindow: 55 * 1448, inFlight: 42 * 1448, peerWindow: 59_392 },
      },
      {
        ...{ host: 'client1', at: 1_795_521_157_651_000, local, peer, algorithm: 'bbr' },
        ...{ congestionWindow: 91 * 1448, inFlight: (183 - 75 - 76 + 59) * 1448 },
      },
    ]);
  });

  it('passes over rows before the first moment, and whatever is no row', () => {
    expect(parseTcpSamples('ESTAB 0 0 10.0.0.1:1 10.0.0.2:2 reno mss:1448 cwnd:10\nssl: no', 'server')).toEqual([]);
  });
});
