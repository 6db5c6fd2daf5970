// The topology as a value: hosts, networks and images as the Compose file says them. Nothing here touches an engine.

/** A folder that becomes an image: the base plus `make install`. */
export interface ImageBuild {
  /** Absolute path of the build context. */
  context: string;
  /** Path of the Dockerfile, relative to the context. */
  dockerfile: string;
  /** Its RUN steps see no network, and the engine needs none for them. */
  network?: 'none';
}

/** A host's place on a network; its interface name is the engine's to choose. */
export interface Attachment {
  network: string;
  aliases: string[];
}

export interface HostSpec {
  name: string;
  /** The image reference that Compose too would use, e.g. `labctl/server`. */
  image: string;
  build?: ImageBuild;
  command?: string[];
  entrypoint?: string[];
  hostname?: string;
  user?: string;
  workingDir?: string;
  environment: Record<string, string>;
  attachments: Attachment[];
  capDrop: string[];
  capAdd: string[];
  securityOpt: string[];
  pidsLimit?: number;
  /** Bytes. */
  memoryLimit?: number;
  cpus?: number;
  init: boolean;
  readOnly: boolean;
  /** Mount point → options, e.g. `/work` → `exec,size=64m`. */
  tmpfs: Record<string, string>;
  sysctls: Record<string, string>;
  /** The labctl whose run has it made anew with other sysctls than the file says, until that run is over. */
  tunedBy?: string;
  labels: Record<string, string>;
}

export interface NetworkSpec {
  name: string;
  internal: boolean;
  /** Its hosts have IPv6 addresses too, of a prefix that labctl chooses. */
  ipv6?: true;
  driverOpts: Record<string, string>;
  labels: Record<string, string>;
}

export interface Lab {
  /** Name of this lab on the engine; by default Compose's project name. */
  name: string;
  /** Absolute path of the Compose file. */
  file: string;
  hosts: HostSpec[];
  networks: NetworkSpec[];
}
