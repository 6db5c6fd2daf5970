// The parts of the engine's JSON that labctl reads and writes, named as the Docker Engine API (1.41) names them.

export interface EndpointSummary {
  /** Empty until the container was started once. */
  NetworkID: string;
  IPAddress: string;
  GlobalIPv6Address?: string;
  MacAddress: string;
}

/** One row of `GET /containers/json`. */
export interface ContainerSummary {
  Id: string;
  Names: string[];
  Image: string;
  ImageID: string;
  State: string;
  /** In words: `Exited (0) 2 seconds ago`. */
  Status?: string;
  /** Seconds since 1970. */
  Created?: number;
  Labels: Record<string, string>;
  NetworkSettings: { Networks: Record<string, EndpointSummary> };
}

/** One row of `GET /networks`. */
export interface NetworkSummary {
  Id: string;
  Name: string;
  Labels: Record<string, string> | null;
  IPAM: { Config: { Subnet?: string; Gateway?: string }[] | null };
}

/** `GET /images/{name}/json`. */
export interface ImageDetails {
  Id: string;
  RepoTags: string[] | null;
  Config: { Labels: Record<string, string> | null };
}

/** `GET /exec/{id}/json`. */
export interface ExecDetails {
  Running: boolean;
  ExitCode: number | null;
}

/** `GET /version`. */
export interface VersionDetails {
  Version: string;
  ApiVersion: string;
  KernelVersion: string;
}

export interface EndpointConfig {
  Aliases: string[];
  /** Unless the engine shall choose. */
  IPAMConfig?: { IPv4Address: string; IPv6Address?: string };
}

/** The body of `POST /containers/create`. */
export interface ContainerConfig {
  Image: string;
  Hostname: string;
  Cmd?: string[];
  Entrypoint?: string[];
  User?: string;
  WorkingDir?: string;
  Env: string[];
  Labels: Record<string, string>;
  HostConfig: {
    NetworkMode: string;
    CapDrop: string[];
    CapAdd: string[];
    SecurityOpt: string[];
    PidsLimit?: number;
    Memory?: number;
    NanoCpus?: number;
    Init: boolean;
    ReadonlyRootfs: boolean;
    Tmpfs: Record<string, string>;
    /** `name:address`. */
    ExtraHosts?: string[];
    Dns?: string[];
    Sysctls: Record<string, string>;
  };
  NetworkingConfig: { EndpointsConfig: Record<string, EndpointConfig> };
}

/** The body of `POST /networks/create`. */
export interface NetworkConfig {
  Name: string;
  CheckDuplicate: true;
  Driver: 'bridge';
  Internal: boolean;
  EnableIPv6: boolean;
  Options: Record<string, string>;
  IPAM: { Config: { Subnet: string }[] };
  Labels: Record<string, string>;
}
