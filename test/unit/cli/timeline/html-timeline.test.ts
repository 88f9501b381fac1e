import { describe, expect, test } from '@jest/globals';
import { timelineHtml } from '../../../../src/cli/timeline/html-timeline.ts';
import type { Timeline } from '../../../../src/cli/timeline/timeline.ts';
import { NOW } from '../../../support/why-facts.ts';
import { parseHtml, textsOf, type Element } from '../../../support/html.ts';

const s = (seconds: number): number => NOW + seconds * 1_000;
const EVIL = `<script>alert("1")</script>' onmouseover='x' & </pre></style>`;

const TIMELINE: Timeline = {
  subject: `job/${EVIL}`,
  health: 'trouble',
  state: `failed: ${EVIL}`,
  from: s(0),
  to: s(10),
  isLive: true,
  rows: [
    { name: `a${EVIL}`, container: `c${EVIL}`, index: 2, state: 'failed', note: `exit ${EVIL}`, message: EVIL, log: ['first', EVIL, '\u001b[31mred\u0000'], spans: [{ kind: 'waiting', from: s(0), to: s(2), text: EVIL }, { kind: 'running', from: s(2), to: s(5), text: EVIL }], marks: [{ at: s(5), kind: 'failure', text: EVIL }] },
    { name: 'b', state: 'running', note: 'running 5s', spans: [{ kind: 'running', from: s(5), text: 'running since 5s' }], marks: [] },
  ],
};

const page = timelineHtml(TIMELINE);
const elements = parseHtml(page);
const named = (name: string): Element[] => elements.filter((element) => element.name === name);

describe('the page of a timeline', () => {
  test('is well formed', () => {
    expect(named('html')).toHaveLength(1);
    expect(named('title')).toHaveLength(1);
    expect(named('tr')).toHaveLength(4);
  });

  test('lets nothing of messages and logs become code', () => {
    expect(named('script')).toEqual([]);
    expect(elements.flatMap(({ attributes }) => Object.keys(attributes)).filter((attribute) => attribute.startsWith('on'))).toEqual([]);
    expect(named('style')).toHaveLength(1);
  });

  test('says messages and logs as they are', () => {
    expect(textsOf(page)).toContain(EVIL);
    expect(textsOf(page)).toContain(`first\n${EVIL}\n[31mred`);
    expect(named('b')[0]?.attributes['title']).toBe(`${EVIL} (0s to 2s)`);
  });

  test('loads nothing from anywhere', () => {
    expect(elements.flatMap(({ attributes }) => Object.keys(attributes)).filter((name) => ['src', 'href', 'srcset', 'action'].includes(name))).toEqual([]);
    expect(page).not.toMatch(/url\(|@import|https?:/);
    expect(named('meta').find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')?.attributes['content']).toBe("default-src 'none'; style-src 'unsafe-inline'");
  });

  test('puts each span where its time is', () => {
    expect(named('b').slice(0, 3).map(({ attributes }) => [attributes['class'], attributes['style']])).toEqual([
      ['waiting', 'left:0%;width:20%'],
      ['running', 'left:20%;width:30%'],
      ['running open', 'left:50%;width:50%'],
    ]);
    expect(named('u').map(({ attributes }) => attributes['style'])).toEqual(['left:50%']);
  });

  test('can be read without seeing the bars', () => {
    expect(textsOf(page)).toContain('running since 5s (5s to now)');
    expect(named('div').filter(({ attributes }) => attributes['class'] === 'bar').every(({ attributes }) => attributes['aria-hidden'] === 'true')).toBe(true);
    expect(named('th').every(({ attributes }) => attributes['scope'] === 'col' || attributes['scope'] === 'row')).toBe(true);
  });

  test('follows the reader\'s light or dark', () => {
    expect(named('meta').some(({ attributes }) => attributes['name'] === 'color-scheme' && attributes['content'] === 'light dark')).toBe(true);
    expect(page).toContain('prefers-color-scheme: dark');
  });

  test('says so when nothing has run', () => {
    const empty = timelineHtml({ ...TIMELINE, subject: 'job/a', state: 'waiting', rows: [] });
    expect(textsOf(empty)).toContain('Nothing has run yet.');
    expect(() => parseHtml(empty)).not.toThrow();
  });
});
