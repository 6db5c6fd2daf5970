// The reference of labctl's JSON as Markdown: made from the schemas that its answers are held to.

import { z } from 'zod';
import { answerSchemas, errorSchema } from '../model/answer-schema.ts';
import { reportSchema } from '../model/report-schema.ts';
import { type Node, rowsOf, table } from './schema-table.ts';

const nodeOf = (schema: z.ZodType): Node => z.toJSONSchema(schema, { io: 'input' }) as Node;

const without = (node: Node, key: string): Node => ({
  ...node,
  properties: Object.fromEntries(Object.entries(node.properties ?? {}).filter(([name]) => name !== key)),
});

function commandSection([command, schema]: [string, z.ZodType]): string {
  return `### ${command}\n\n${table(rowsOf(without(nodeOf(schema), 'version')))}`;
}

/** The report, a section for each of its parts. */
function reportSections(): string[] {
  const { properties = {}, required = [] } = nodeOf(reportSchema);
  return Object.entries(properties).map(([key, node]) => {
    const one = { properties: { [key]: node }, required: required.filter((name) => name === key) };
    return table(rowsOf(one));
  });
}

/** The whole page. */
export function jsonReference(): string {
  return `${[
    intro,
    table(rowsOf(without(nodeOf(errorSchema), 'version'))),
    '## Commands',
    'Besides these, `run`, `show` and `record` print the report, which has the next chapter.',
    ...[...answerSchemas].map(commandSection),
    '## The report',
    report,
    ...reportSections(),
    '## Captures',
    captures,
  ].join('\n\n')}\n`;
}

const intro = `# JSON

Every command that prints something prints JSON with \`--json\`, one document on standard output, with a \`version\` (1) that
is raised when an older reader would misread it; new keys may come without that. Progress and remarks are left out. An error
stands on standard error, with the exit code that [the command line](cli.md) documents. This page is made from the schemas
that a test holds the answers to.`;

const report = `\`labctl show --schema\` prints its JSON Schema, which lies in the repository as
[report.schema.json](../labctl/model/report.schema.json) and is held to the code by a test. Times are microseconds since the
epoch, sizes bytes, sequence numbers relative to the connection. A \`passage\` is one packet’s way from one host to another,
with the frame numbers of both captures; \`calls\` are what strace saw; \`looks\` hold sockets, processes and kernel counters;
\`verdicts\` name their proofs.`;

const captures = `\`labctl show FILE --jsonl packets\` and \`--jsonl conversations\` print a line for each; the
[README](../README.md#any-capture-as-right-as-wireshark) describes their fields.`;
