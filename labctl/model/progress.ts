// How far a student has come in one lesson: what was predicted, asked and answered, and which run belongs to it.

/** Version of a progress file; raised when an older labctl would misread it. */
export const progressVersion = 1;

export interface QuestionProgress {
  /** The chosen sentence, in English; null: the student would rather not guess. */
  predicted?: string | null;
  /** Hints that were shown. */
  hints?: number;
  /** The student's own answer, where one was typed. */
  words?: string;
  /** The answer has been read. */
  answered?: true;
}

export interface LessonProgress {
  version: typeof progressVersion;
  /** The scenario's name. */
  lesson: string;
  /** ISO 8601, UTC. */
  begun: string;
  finished?: string;
  /** Absolute path of the run folder that the predictions were compared with. */
  run?: string;
  /** By the question's English text: what is asked in another place or order is the same question. */
  questions: Record<string, QuestionProgress>;
}

/** Nothing done yet. `begun`: ISO 8601, UTC. */
export const freshProgress = (lesson: string, begun: string): LessonProgress => ({
  version: progressVersion,
  lesson,
  begun,
  questions: {},
});
