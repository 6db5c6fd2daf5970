// Endpoints as values: an address and a port, and how they are written.

/** One end of a conversation: an IP address in text form and a port. */
export interface Endpoint {
  address: string;
  port: number;
}

/** `address:port`, with brackets around IPv6 addresses (RFC 3986, section 3.2.2). */
export const endpointText = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

export const sameEndpoint = (a: Endpoint, b: Endpoint): boolean => a.port === b.port && a.address === b.address;
