// One lesson at the terminal: asks, waits for what is typed, keeps it, has the run made, and answers with its evidence.

import type { Engine } from '../engine/engine.ts';
import { keepProgress } from '../folder/progress-file.ts';
import { progressOf, type Stage, stageOf, withQuestion } from '../lesson/course.ts';
import { compare, evidenceOf } from '../lesson/prediction.ts';
import type { Lab } from '../model/lab.ts';
import { exitCodes } from '../model/lab-error.ts';
import type { Question } from '../model/lesson.ts';
import { freshProgress, type LessonProgress, type QuestionProgress } from '../model/progress.ts';
import type { Report } from '../model/report.ts';
import type { Scenario } from '../model/scenario.ts';
import { evidenceLines } from '../views/learn/evidence.ts';
import * as text from '../views/learn/lesson-text.ts';
import { type LearnWords, learnWordsOf } from '../views/learn/words.ts';
import type { TerminalStyle } from '../views/style.ts';
import { byHand, canBeDoneByHand } from './by-hand.ts';
import { learnCommand, lessonProgress, nextCommands } from './lessons.ts';
import { Lines } from './lines.ts';
import { runToFolder } from './run.ts';
import type { Session } from './session.ts';
import { stopSignals } from './signals.ts';
import { ensureUp } from './up.ts';

type AskStage = Extract<Stage, { question: Question }>;

/** What a stage says about going on: `left` when the student is gone. */
type Outcome = 'on' | 'left';

export class Lesson {
  readonly #session: Session;
  readonly #lab: Lab;
  readonly #scenario: Scenario;
  readonly #given: Given;
  readonly #lines: Lines;
  readonly #style: TerminalStyle;
  readonly #words: LearnWords;
  readonly #file: string;
  #progress: LessonProgress;
  #report: Report | undefined;

  private constructor(session: Session, kept: { file: string; progress: LessonProgress }, given: Given) {
    this.#session = session;
    this.#lab = given.lab;
    this.#scenario = given.scenario;
    this.#given = given;
    this.#file = kept.file;
    this.#progress = kept.progress;
    this.#lines = new Lines(session.io);
    this.#style = session.style();
    this.#words = learnWordsOf(session.language);
  }

  /** `again`: whatever was kept of it is forgotten once something new is. */
  static async open(session: Session, given: Given): Promise<Lesson> {
    const { file, progress } = await lessonProgress(session, given.folder, given.scenario.name);
    const fresh = freshProgress(given.scenario.name, new Date().toISOString());
    return new Lesson(session, { file, progress: given.again ? fresh : progress }, given);
  }

  /** Goes on until the lesson is finished or the student leaves; the exit code is 0 for both, 130 for Ctrl-C. */
  async take(): Promise<number> {
    const { title, about } = this.#scenario;
    const before = stageOf(this.#questions, this.#progress).kind === 'done';
    const begun = Object.keys(this.#progress.questions).length > 0;
    if (!before) this.#say(text.welcomeLines({ title, about, questions: this.#questions.length, begun }, this.#style));
    try {
      return await this.#goOn(before);
    } catch (error) {
      // Whatever broke because the student wants to go is no news.
      if (!this.#session.io.signal.aborted) throw error;
      return this.#leave();
    } finally {
      this.#lines.close();
    }
  }

  async #goOn(before: boolean): Promise<number> {
    await this.#recall();
    for (;;) {
      const stage = stageOf(this.#questions, this.#progress);
      if (stage.kind === 'done') return this.#finish(before);
      const outcome = await this.#take(stage);
      if (outcome === 'left') return this.#leave();
    }
  }

  #take(stage: Exclude<Stage, { kind: 'done' }>): Promise<Outcome> {
    if (stage.kind === 'turn') return this.#turn();
    return stage.kind === 'predict' ? this.#predict(stage) : this.#ask(stage);
  }

  get #questions(): readonly Question[] {
    return this.#scenario.lesson ?? [];
  }

  #say(lines: readonly string[]): void {
    this.#session.out(lines.join('\n'));
  }

  #tell(sentence: string): void {
    this.#say([text.sentence(sentence, this.#style)]);
  }

  async #keep(progress: LessonProgress): Promise<void> {
    this.#progress = progress;
    await keepProgress(this.#file, progress);
  }

  #note(question: Question, more: QuestionProgress): Promise<void> {
    return this.#keep(withQuestion(this.#progress, question, more));
  }

  /** The report of the run that belongs to this lesson; a run that is gone is made anew. */
  async #recall(): Promise<void> {
    if (this.#progress.run === undefined) return;
    this.#report = await reportOf(this.#progress.run).catch(() => undefined);
    if (this.#report !== undefined) return;
    this.#tell(this.#words.turn.gone);
    const { run: _gone, ...progress } = this.#progress;
    this.#progress = progress;
  }

  async #predict({ question, number }: AskStage): Promise<Outcome> {
    const { predict = [] } = question;
    this.#say(text.predictLines({ question, number, of: this.#questions.length }, this.#style));
    for (;;) {
      const typed = await this.#lines.next();
      if (typed === undefined) return 'left';
      const chosen = /^[1-9]$/.test(typed) ? predict[Number(typed) - 1] : undefined;
      if (chosen === undefined && typed !== '') {
        this.#tell(this.#words.predict.notOne(predict.length));
        continue;
      }
      await this.#note(question, { predicted: chosen?.say.en ?? null });
      this.#tell(chosen ? this.#words.predict.kept : this.#words.predict.none);
      return 'on';
    }
  }

  async #turn(): Promise<Outcome> {
    const { heading, turn } = this.#words;
    const may = canBeDoneByHand(this.#scenario);
    this.#say([
      ...text.heading(heading.turn, this.#style),
      text.sentence(turn.now, this.#style),
      ...(may ? turn.choose : [turn.enter]).map((line) => text.sentence(line, this.#style)),
    ]);
    const typed = await this.#lines.next();
    if (typed === undefined) return 'left';
    const engine = await this.#session.engine();
    await ensureUp(this.#session, engine, this.#lab, this.#scenario);
    if (may && /^m/i.test(typed)) {
      if (!(await byHand(this.#session, engine, this.#lab, this.#scenario, this.#lines))) return 'left';
      this.#tell(turn.thisWasYou);
    }
    return this.#run(engine);
  }

  async #run(engine: Engine): Promise<Outcome> {
    const { folder, record } = await runToFolder(this.#session, engine, this.#lab, { scenario: this.#scenario }, {});
    if (this.#session.io.signal.aborted) return 'left';
    this.#report = await reportOf(folder);
    const { writeFresh } = await import('./report-page.ts');
    await writeFresh(this.#session, this.#report, folder);
    if (record.outcome === 'complete') await this.#keep({ ...this.#progress, run: folder });
    else this.#tell(this.#words.turn.notWhole);
    return 'on';
  }

  async #ask({ question, number }: AskStage): Promise<Outcome> {
    const report = this.#report as Report;
    const asked = { question, number, of: this.#questions.length };
    const compared = compare(question, progressOf(this.#progress, question).predicted, report);
    this.#say(text.questionAskedLines(asked, compared, this.#style));
    const own = await this.#hintsUntilAnswer(asked);
    if (own === undefined) return 'left';
    await this.#note(question, { answered: true, ...(own === '' ? {} : { words: own }) });
    const { answerText } = await import('../lesson/answers.ts');
    this.#say(
      text.answerLines(
        {
          compared,
          ...(own === '' ? {} : { words: own }),
          answer: answerText(question, report, this.#session.language),
          evidence: evidenceLines(report, evidenceOf(question), this.#style),
          unmet: report.verdicts.filter(({ verdict }) => verdict === 'unmet').length,
        },
        this.#style,
      ),
    );
    if (number === this.#questions.length) return 'on';
    this.#say(['', text.sentence(this.#words.ask.goOn, this.#style)]);
    return (await this.#lines.next()) === undefined ? 'left' : 'on';
  }

  /** The student's own words, `''` for none; undefined when the student has left. */
  async #hintsUntilAnswer(asked: text.Asked): Promise<string | undefined> {
    const { question } = asked;
    const of = question.hints?.length ?? 0;
    for (;;) {
      const shown = Math.min(progressOf(this.#progress, question).hints ?? 0, of);
      this.#say(['', text.sentence(this.#words.ask.prompt(of - shown), this.#style)]);
      const typed = await this.#lines.next();
      if (typed === undefined || !/^h$/i.test(typed)) return typed;
      this.#say(text.hintLines(asked, shown + 1, this.#style));
      if (shown < of) await this.#note(question, { hints: shown + 1 });
    }
  }

  async #finish(before: boolean): Promise<number> {
    if (!before) await this.#keep({ ...this.#progress, finished: new Date().toISOString() });
    const report = this.#report;
    const compared = report
      ? this.#questions.map((question) => compare(question, progressOf(this.#progress, question).predicted, report))
      : [];
    const predicted = compared.filter(({ outcome }) => outcome === 'right' || outcome === 'wrong');
    this.#say(
      text.doneLines(
        {
          before,
          right: predicted.filter(({ outcome }) => outcome === 'right').length,
          predicted: predicted.length,
          next: await nextCommands(this.#given.asked, this.#given, this.#progress),
        },
        this.#style,
      ),
    );
    return exitCodes.met;
  }

  async #leave(): Promise<number> {
    const command = `${await learnCommand(this.#given.asked, this.#given.student)} ${this.#scenario.name}`;
    this.#say(['', text.sentence(this.#words.left, this.#style), ...text.command(command, this.#style)]);
    return this.#lines.interrupted ? stopSignals.SIGINT : exitCodes.met;
  }
}

export interface Given {
  /** As the student called labctl; a scenario that brings its own lab is seen from there, other lessons are not. */
  asked: Session;
  lab: Lab;
  scenario: Scenario;
  /** Where the progress of this student lies. */
  folder: string;
  /** Named where it is not the user. */
  student?: string;
  /** Begin anew, whatever was kept. */
  again: boolean;
}

async function reportOf(folder: string): Promise<Report> {
  const [{ readRun }, { analyse }] = await Promise.all([
    import('../folder/read-run.ts'),
    import('../analysis/analyse.ts'),
  ]);
  return analyse(await readRun(folder));
}
