// What labctl takes from the environment and where it keeps things, for the manual page and the reference.

export const environmentRows: readonly [name: string, meaning: string][] = [
  ['LABCTL_ENGINE', 'docker or embedded: what a new lab is made of, as --engine says it'],
  ['DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CERT_PATH, DOCKER_TLS_VERIFY', 'where Docker answers, as for docker itself'],
  ['COMPOSE_PROJECT_NAME', 'name of the lab, where --lab does not say it'],
  ['LC_ALL, LC_MESSAGES, LANG', 'language of lessons and reports (fr…: French); UTF-8 or plain ASCII'],
  ['NO_COLOR, FORCE_COLOR', 'no colours; colours even where nothing is a terminal'],
  ['COLUMNS', 'width of what is printed where there is no terminal (default: 80)'],
  ['XDG_STATE_HOME', 'where progress, and runs of a read-only lab, are kept (default: ~/.local/state)'],
];

export const fileRows: readonly [path: string, meaning: string][] = [
  ['docker-compose.yml', 'the topology: the nearest one upwards, else labctl’s own'],
  ['scenarios/*.yml', 'the lessons: beside the Compose file, and labctl’s own'],
  ['runs/LAB/TIME-SCENARIO/', 'a run: packets, calls, looks, output, report.html; beside the Compose file'],
  ['$XDG_STATE_HOME/labctl/learn/STUDENT/', 'how far a student has come, a file a lesson'],
];
