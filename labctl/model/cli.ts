// The command line as a value: what --help, the manual page, the reference and completion are all made from.

export interface CliOption {
  /** As help shows them: `-w, --write <file>`. */
  flags: string;
  long?: string;
  short?: string;
  /** The word between `<` and `>`; absent for a switch. */
  value?: string;
  description: string;
  choices: readonly string[];
}

export interface CliArgument {
  name: string;
  required: boolean;
  variadic: boolean;
  description: string;
}

export interface CliCommand {
  /** `labctl images save`. */
  path: string;
  name: string;
  description: string;
  arguments: CliArgument[];
  /** Its own; those that every command understands are the root's. */
  options: CliOption[];
  commands: CliCommand[];
  /** What help says after the options: a contract, examples. */
  after: string;
}

/** `<scenario> [words...]`. */
export const argumentText = ({ name, required, variadic }: CliArgument): string => {
  const word = variadic ? `${name}...` : name;
  return required ? `<${word}>` : `[${word}]`;
};

/** `labctl images save <file>`: how a command is called, options left out. */
export const usageText = (command: CliCommand): string =>
  [command.path, ...(command.commands.length > 0 ? ['<command>'] : []), ...command.arguments.map(argumentText)].join(
    ' ',
  );

/** The command and all below it, in the order of help. */
export const everyCommand = (command: CliCommand): CliCommand[] => [
  command,
  ...command.commands.flatMap((each) => everyCommand(each)),
];
