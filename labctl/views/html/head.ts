// The head of the page: a content security policy that allows this very script and style sheet, and nothing else.

import { createHash } from 'node:crypto';
import { h, markup } from '../element.ts';
import type { Sheet } from './sheet.ts';

export interface PageFiles {
  css: string;
  script: string;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is loaded, nothing is sent, nothing runs but this script and this style sheet; no text becomes markup. */
const policyOf = ({ css, script }: PageFiles): string =>
  [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(css)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M3 1v14M13 1v14M3 4h9M13 9H4' stroke='%232a9a5f' stroke-width='1.6' fill='none'/%3E%3C/svg%3E";

/** A style sheet or script as its own text: it is ours, and cannot end its element. */
export const raw = (tag: 'style' | 'script', text: string, attributes = ''): string => {
  if (text.toLowerCase().includes(`</${tag}`)) throw new Error(`a ${tag} that would end itself`);
  return `<${tag}${attributes}>${text}</${tag}>`;
};

/** Everything between `<head>` and `</head>`. */
export function headText({ report, language }: Sheet, files: PageFiles): string {
  return [
    '<meta charset="utf-8">',
    markup(h('meta', { 'http-equiv': 'Content-Security-Policy', content: policyOf(files) })),
    markup(h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' })),
    markup(h('meta', { name: 'generator', content: `labctl ${report.run.labctl}` })),
    markup(h('title', {}, `${report.scenario.title[language]} · labctl`)),
    markup(h('link', { rel: 'icon', href: icon })),
    raw('style', files.css),
  ].join('\n');
}
