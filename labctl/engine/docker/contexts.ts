// `docker context`: the engines that a user has given names, as Docker's own CLI keeps them in files.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';

type Environment = Record<string, string | undefined>;

export interface DockerContext {
  name: string;
  /** As DOCKER_HOST would name it. */
  address: string;
  /** Folder with ca.pem, cert.pem and key.pem, as far as it has them; absent where the context has no certificates. */
  certificates?: string;
  /** The engine's own certificate is not checked. */
  skipVerify: boolean;
}

interface Meta {
  Endpoints?: { docker?: { Host?: string; SkipTLSVerify?: boolean } };
}

/** DOCKER_CONFIG, else `.docker` at home. */
const configFolder = ({ DOCKER_CONFIG, HOME }: Environment): string => DOCKER_CONFIG || join(HOME ?? '', '.docker');

const jsonAt = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/** What DOCKER_CONTEXT says, else what `docker context use` chose; undefined for the one called `default`. */
function chosenName(environment: Environment): string | undefined {
  const config = () =>
    jsonAt(join(configFolder(environment), 'config.json')) as { currentContext?: string } | undefined;
  const name = environment['DOCKER_CONTEXT'] || config()?.currentContext;
  return name === 'default' ? undefined : name;
}

/** The context that is meant where DOCKER_HOST says nothing. Throws LabError `usage` when there is none of that name. */
export function currentContext(environment: Environment): DockerContext | undefined {
  const name = chosenName(environment);
  if (!name) return undefined;
  // Docker's CLI names their folders so. Not imported: most often there is no context, and to load it takes 4 ms.
  const id = process.getBuiltinModule('node:crypto').createHash('sha256').update(name).digest('hex');
  const folder = join(configFolder(environment), 'contexts');
  const endpoint = (jsonAt(join(folder, 'meta', id, 'meta.json')) as Meta | undefined)?.Endpoints?.docker;
  if (!endpoint?.Host)
    throw new LabError('usage', `there is no Docker context "${name}"`, {
      hint: '`docker context ls` lists them; --context default, or an empty DOCKER_CONTEXT, is this machine’s engine',
    });
  const certificates = join(folder, 'tls', id, 'docker');
  return {
    ...{ name, address: endpoint.Host, skipVerify: endpoint.SkipTLSVerify === true },
    ...(existsSync(certificates) ? { certificates } : {}),
  };
}
