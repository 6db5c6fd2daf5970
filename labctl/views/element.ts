// Elements of HTML and SVG as values: Node writes them as text, the browser makes them. Captured bytes are hostile: text
// can become nothing but text, because escaping happens here alone and the browser never parses any.

import { visible } from './visible.ts';

export type Attribute = string | number | boolean | undefined;

export interface Element {
  space: 'html' | 'svg';
  tag: string;
  /** `true` is an attribute without a value; `false` and undefined are none. */
  attributes: Record<string, Attribute>;
  children: Child[];
}

export type Child = Element | string;
type Children = readonly (Child | readonly Child[] | undefined | false)[];

const element = (
  space: Element['space'],
  tag: string,
  attributes: Record<string, Attribute>,
  children: Children,
): Element => ({
  space,
  tag,
  attributes,
  children: children.flatMap((child) => (child === undefined || child === false ? [] : child)),
});

/** An HTML element. */
export const h = (tag: string, attributes: Record<string, Attribute> = {}, ...children: Children): Element =>
  element('html', tag, attributes, children);

/** An SVG element. */
export const s = (tag: string, attributes: Record<string, Attribute> = {}, ...children: Children): Element =>
  element('svg', tag, attributes, children);

/** Nearly all text: nothing in it can hide. */
const harmless = /^[\x20-\x7e\n]*$/;

/** What would hide, or turn the direction of its neighbours, is shown; line breaks stay. */
export const printable = (text: string): string =>
  harmless.test(text)
    ? text
    : text
        .split('\n')
        .map((line) => visible(line, { unicode: true }))
        .join('\n');

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => printable(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

const empty = new Set(['br', 'hr', 'img', 'input', 'link', 'meta']);

function attributeText([name, value]: [string, Attribute]): string {
  if (value === undefined || value === false) return '';
  return value === true ? ` ${name}` : ` ${name}="${escaped(String(value))}"`;
}

/** The element as text of HTML (or of SVG within it). */
export function markup(child: Child): string {
  if (typeof child === 'string') return escaped(child);
  const { tag, attributes, children, space } = child;
  const head = `<${tag}${Object.entries(attributes).map(attributeText).join('')}`;
  if (space === 'html' && empty.has(tag)) return `${head}>`;
  if (space === 'svg' && children.length === 0) return `${head}/>`;
  return `${head}>${children.map(markup).join('')}</${tag}>`;
}
