// Which keys of a Compose file labctl carries out, and why it refuses the others. Valid in Compose 1.29 and 2 alike.

import { z } from 'zod';
import type { Refusals } from './complaints.ts';
import { commandLine, cpus, memory, mounts, pairs } from './compose-values.ts';

const strings = z.array(z.string());

const capability = z.string().regex(/^(CAP_)?[A-Za-z_]+$/, 'a capability is written like NET_ADMIN');

/** Only options that need no file of this machine and open no door. */
const securityOption = z
  .string()
  .regex(/^(no-new-privileges([:=](true|false))?|(seccomp|apparmor)[:=][\w-]+|label[:=].+)$/, {
    message: 'labctl takes no-new-privileges:true, and seccomp, apparmor or label options that name no file',
  });

const buildSchema = z.union([
  z.string().transform((context) => ({ context, dockerfile: 'Dockerfile', network: undefined })),
  z.strictObject({
    context: z.string(),
    dockerfile: z.string().default('Dockerfile'),
    network: z.literal('none').optional(),
  }),
]);

const attachmentsSchema = z.union([
  strings.transform((names) => names.map((network) => ({ network, aliases: [] as string[] }))),
  z
    .record(z.string(), z.union([z.strictObject({ aliases: strings.optional() }), z.null()]))
    .transform((map) => Object.entries(map).map(([network, value]) => ({ network, aliases: value?.aliases ?? [] }))),
]);

const labels = pairs({ empty: '', noValue: '' });

export const serviceSchema = z.strictObject({
  image: z.string().min(1),
  build: buildSchema.optional(),
  command: commandLine.optional(),
  entrypoint: commandLine.optional(),
  hostname: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/, 'a host name is letters, digits, - and dots')
    .optional(),
  user: z.string().optional(),
  working_dir: z.string().startsWith('/', 'an absolute path is expected').optional(),
  environment: pairs({
    noValue: "needs a value: labctl hands nothing of this machine's environment to a host",
  }).optional(),
  networks: attachmentsSchema.optional(),
  cap_drop: z.array(capability).optional(),
  cap_add: z.array(capability).optional(),
  security_opt: z.array(securityOption).optional(),
  pids_limit: z.int().min(1).optional(),
  mem_limit: memory.optional(),
  cpus: cpus.optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: mounts.optional(),
  sysctls: pairs({ noValue: 'needs a value' }).optional(),
  labels: labels.optional(),
});

export const networkSchema = z
  .union([
    z.strictObject({
      driver: z.literal('bridge').optional(),
      internal: z.boolean().optional(),
      enable_ipv6: z.boolean().optional(),
      driver_opts: pairs({ noValue: 'needs a value' }).optional(),
      labels: labels.optional(),
    }),
    z.null(),
  ])
  .transform((value) => value ?? {});

export const composeSchema = z.strictObject({
  version: z
    .string()
    .regex(/^[23](\.\d+)?$/, 'a version is 2, 3, 2.x or 3.x')
    .optional(),
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), networkSchema).nullish(),
});

export type ServiceValue = z.output<typeof serviceSchema>;
export type ComposeValue = z.output<typeof composeSchema>;
export type NetworkValue = z.output<typeof networkSchema>;

const serviceReasons: Record<string, string> = {
  ports: 'labctl publishes no ports; what a lab does stays in the lab',
  expose: 'it changes nothing; hosts of one network reach each other on every port',
  privileged: 'a host gets the capabilities that cap_add names, and no more',
  network_mode: 'hosts live on networks of their own lab',
  volumes: 'a host sees no folder of this machine; programs come with the image, and tmpfs gives room to write',
  container_name: 'several labs run side by side, so names are made from the name of the lab',
  depends_on: 'all hosts start together; a scenario waits for what it needs',
  links: 'hosts of one network find each other by name',
  external_links: 'a lab leads nowhere else',
  extra_hosts: 'hosts of one network find each other by name',
  env_file: 'write the values under environment',
  deploy: 'Compose 1.29 does not carry it out; use pids_limit, mem_limit and cpus',
  restart: 'a host that stops is something to see; labctl up starts it again',
  healthcheck: 'a probe would be traffic of its own; a scenario waits for a listening socket by reading it',
  devices: 'a host sees no device of this machine',
  pid: 'every host has processes of its own',
  ipc: 'every host has an ipc namespace of its own',
  extends: 'use a YAML anchor and a merge key',
  scale: 'every host has a name: write one service for each',
};

const networkReasons: Record<string, string> = {
  ipam: 'labctl chooses small free subnets at up, so that several labs fit side by side',
  external: 'a lab leads nowhere else',
  name: 'several labs run side by side, so names are made from the name of the lab',
};

const topReasons: Record<string, string> = {
  name: 'Compose 1.29 refuses it; use --lab NAME or COMPOSE_PROJECT_NAME',
  volumes: 'a host keeps nothing on this machine',
  secrets: 'a host sees no file of this machine',
  configs: 'a host sees no file of this machine',
  include: 'a lab is one file',
};

const chosenAddress = 'labctl chooses the addresses at up';
const attachmentReasons: Record<string, string> = { ipv4_address: chosenAddress, ipv6_address: chosenAddress };
const buildReasons: Record<string, string> = {
  args: 'an image is its folder alone, so that it can be known by its hash',
};

/** The reason for the key at this level of the file, where there is one worth saying. */
export const composeRefusals: Refusals = (path, key) => {
  const [section, , inner, network] = path;
  if (section === undefined) return topReasons[key];
  if (section === 'networks') return networkReasons[key];
  if (inner === 'build') return buildReasons[key];
  if (inner === 'networks' && network !== undefined) return attachmentReasons[key];
  return inner === undefined ? serviceReasons[key] : undefined;
};
