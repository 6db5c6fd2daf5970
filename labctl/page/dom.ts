// Makes elements of the document from element values. Text becomes text nodes: nothing is ever parsed as markup.

import { type Attribute, type Child, type Element as ElementValue, printable } from '../views/element.ts';

const spaces = { html: 'http://www.w3.org/1999/xhtml', svg: 'http://www.w3.org/2000/svg' } as const;

function setAttribute(element: Element, name: string, value: Attribute): void {
  if (value === undefined || value === false) return;
  element.setAttribute(name, value === true ? '' : typeof value === 'number' ? String(value) : printable(value));
}

/** A node of the document that looks as the value says. */
export function create(child: Child): Node {
  if (typeof child === 'string') return document.createTextNode(printable(child));
  return createElement(child);
}

/** An element with its attributes and everything in it. */
export function createElement({ space, tag, attributes, children }: ElementValue): Element {
  const element = document.createElementNS(spaces[space], tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  for (const child of children) element.append(create(child));
  return element;
}

/** Replaces everything in a parent. */
export const mount = (parent: Element, ...children: Child[]): void => parent.replaceChildren(...children.map(create));

/** An element that the page is known to have. */
export function the<Kind extends Element>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no #${id}`);
}
