// Endpoints and four-tuples as values: address and port, both directions of a conversation, one key for both.

/** One end of a conversation: an IP address in text form and a port. */
export interface Endpoint {
  address: string;
  port: number;
}

/** The four-tuple as seen by one direction (RFC 9293, section 4: a connection is a pair of sockets). */
export interface FourTuple {
  source: Endpoint;
  destination: Endpoint;
}

/** `address:port`, with brackets around IPv6 addresses (RFC 3986, section 3.2.2). */
export const endpointText = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

export const sameEndpoint = (a: Endpoint, b: Endpoint): boolean => a.port === b.port && a.address === b.address;

export const reverse = ({ source, destination }: FourTuple): FourTuple => ({
  source: destination,
  destination: source,
});

/** The same text for both directions of a conversation. */
export function conversationKey({ source, destination }: FourTuple): string {
  const a = endpointText(source);
  const b = endpointText(destination);
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
