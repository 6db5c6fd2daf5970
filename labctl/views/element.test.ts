import { describe, expect, it } from 'vitest';
import { h, markup, printable, s } from './element.ts';

describe('markup', () => {
  it('writes elements, attributes and text', () => {
    expect(markup(h('p', { class: 'x', hidden: true, id: undefined }, 'a', h('br'), ['b'], false))).toBe(
      '<p class="x" hidden>a<br>b</p>',
    );
    expect(markup(s('g', {}, s('line', { x1: 1 })))).toBe('<g><line x1="1"/></g>');
  });
  it('lets nothing out of text and attributes', () => {
    const hostile = `"><script>alert(1)</script>'&`;
    expect(markup(h('a', { title: hostile }, hostile))).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;">&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;</a>',
    );
  });
});

it('shows what would hide or turn text round', () => {
  expect(printable('a\u0000\u202eb\nc\u001b')).toBe('a␀\\u{202e}b\nc␛');
});
