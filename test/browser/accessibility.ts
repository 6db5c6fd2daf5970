// What a reader needs of any page, checked in the browser by hand: names of controls, contrast of text, order of headings.

import type { Page } from 'playwright-core';

/** Controls that say nothing to who cannot see them, doubled ids, broken references, tab orders by number. */
export const structureFaults = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const faults: string[] = [];
    const told = (element: Element): string => element.outerHTML.slice(0, 90);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    for (const [index, id] of ids.entries()) if (ids.indexOf(id) !== index) faults.push(`id ${id} twice`);
    const nameOf = (element: Element): string => {
      const by = element.getAttribute('aria-labelledby');
      const label =
        by === null
          ? null
          : by
              .split(' ')
              .map((id) => document.getElementById(id)?.textContent ?? '')
              .join(' ');
      const labels =
        element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? [...(element.labels ?? [])] : [];
      return (
        label ??
        element.getAttribute('aria-label') ??
        (labels.map((each) => each.textContent).join(' ') || element.textContent) ??
        ''
      ).trim();
    };
    for (const element of document.querySelectorAll(
      'a, button, input, select, summary, [role], section, nav, aside[aria-label], [tabindex="0"]',
    ))
      if (nameOf(element) === '') faults.push(`no name: ${told(element)}`);
    for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-activedescendant', 'for'])
      for (const element of document.querySelectorAll(`[${attribute}]`))
        for (const id of (element.getAttribute(attribute) ?? '').split(' '))
          if (document.getElementById(id) === null) faults.push(`${attribute}="${id}" names nothing`);
    for (const element of document.querySelectorAll('[tabindex]'))
      if (Number(element.getAttribute('tabindex')) > 0) faults.push(`tabindex: ${told(element)}`);
    let level = 0;
    for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
      const own = Number(heading.tagName.slice(1));
      if (own > level + 1) faults.push(`heading ${own} after ${level}: ${told(heading)}`);
      level = own;
    }
    if (document.documentElement.lang === '') faults.push('no language');
    if (document.querySelectorAll('main').length !== 1) faults.push('not one main');
    return faults;
  });

/** Visible texts that reach less than 4.5 : 1 (WCAG 2.2, 1.4.3) against the ground behind them. */
export const contrastFaults = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (color: string): number[] => {
      if (canvas === null) return [0, 0, 0, 0];
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255);
    };
    const over = (top: number[], below: number[]): number[] => {
      const alpha = top[3] ?? 1;
      return [0, 1, 2].map((at) => (top[at] ?? 0) * alpha + (below[at] ?? 0) * (1 - alpha));
    };
    const luminance = (color: number[]): number => {
      const [r = 0, g = 0, b = 0] = color.map((part) =>
        part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const groundOf = (element: Element): number[] => {
      const layers: number[][] = [];
      for (let each: Element | null = element; each; each = each.parentElement) {
        const color = rgba(getComputedStyle(each).backgroundColor);
        if ((color[3] ?? 0) > 0) layers.push(color);
        if ((color[3] ?? 0) === 1) break;
      }
      return layers.reduceRight((ground, layer) => over(layer, ground), [1, 1, 1]);
    };
    const faults = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (element === null || node.textContent?.trim() === '' || element.closest('script, style, title, .unseen'))
        continue;
      if (!element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      const drawn = element instanceof SVGElement;
      const tag = element.classList.contains('cursor-time') ? document.querySelector('.cursor-tag') : null;
      const ground = tag ? rgba(getComputedStyle(tag).fill) : groundOf(element);
      const ink = over(rgba(drawn ? style.fill : style.color), ground);
      const opacity = Number(style.opacity);
      const seen = over([...ink, opacity], ground);
      const [a, b] = [luminance(seen), luminance(ground)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5)
        faults.add(
          `${ratio.toFixed(2)} ${element.tagName}.${element.getAttribute('class') ?? ''}: ${node.textContent?.slice(0, 30)}`,
        );
    }
    return [...faults];
  });
