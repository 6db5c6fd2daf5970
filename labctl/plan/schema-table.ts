// Tables of keys in Markdown, made from a JSON Schema: what the references of the language and of JSON are made of.

/** What is read of a JSON Schema. */
export interface Node {
  type?: string;
  description?: string;
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
  required?: string[];
  items?: Node;
  prefixItems?: Node[];
  anyOf?: Node[];
  enum?: unknown[];
  const?: unknown;
  $ref?: string;
}

/** What a value looks like, in few words. */
function typeOf(node: Node): string {
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (node.const !== undefined) return `\`${JSON.stringify(node.const).replaceAll('"', '')}\``;
  if (node.anyOf) return [...new Set(node.anyOf.map(typeOf))].join('; or ');
  if (node.$ref) return 'a step';
  if (node.type === 'array') return listType(node);
  if (isText(node)) return '`{ en, fr }`';
  if (node.type === 'object') return node.properties ? `\`{ ${Object.keys(node.properties).join(', ')} }\`` : 'map';
  const words: Record<string, string> = {
    string: 'text',
    integer: 'number',
    number: 'number',
    boolean: 'true or false',
  };
  return words[node.type ?? ''] ?? 'any';
}

function listType({ prefixItems, items = {} }: Node): string {
  if (prefixItems) return 'two values';
  return Object.keys(items).length === 0 ? 'list' : `list: ${typeOf(items)}`;
}

const isText = ({ properties = {} }: Node): boolean => Object.keys(properties).join() === 'en,fr';

/** The maps that a value may be, through lists and choices. */
function mapsIn(node: Node): Node[] {
  if (node.anyOf) return node.anyOf.flatMap(mapsIn);
  if (node.type === 'array' && node.items) return mapsIn(node.items);
  if (typeof node.additionalProperties === 'object') return mapsIn(node.additionalProperties);
  return node.properties && !isText(node) ? [node] : [];
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A row for each key, those of maps inside indented by their path. */
export function rowsOf({ properties = {}, required = [] }: Node, path = '', leave: readonly string[] = []): string[] {
  return Object.entries(properties)
    .filter(([key]) => !leave.includes(key))
    .flatMap(([key, node]) => {
      const name = `${path}${key}`;
      const must = required.includes(key) ? '' : ' (optional)';
      const row = `| \`${name}\` | ${cell(typeOf(node))}${must} | ${cell(node.description ?? '')} |`;
      return [row, ...mapsIn(node).flatMap((map) => rowsOf(map, `${name}.`))];
    });
}

/** Rows under a head. */
export const table = (rows: readonly string[]): string =>
  ['| key | value | |', '| --- | --- | --- |', ...rows].join('\n');
