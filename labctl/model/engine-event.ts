// What happens while a lab is made real or removed, as values: engines tell it, views turn it into progress lines.

/** What an engine says while it works; views turn it into progress lines. */
export type EngineEvent =
  | { kind: 'image-pulling'; image: string }
  | { kind: 'image-building'; image: string; line?: string }
  | { kind: 'image-ready'; image: string; built: boolean }
  | { kind: 'network-created'; network: string; subnet: string }
  | { kind: 'host-created'; host: string }
  | { kind: 'host-started'; host: string }
  | { kind: 'host-removed'; host: string }
  | { kind: 'network-removed'; network: string }
  /** Empty, but the engine lost count of what was attached, and lets go of it only when it is restarted. */
  | { kind: 'network-stuck'; network: string };
