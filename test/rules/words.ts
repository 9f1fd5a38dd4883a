/**
 * Expressions that plain technical English has a standard term for, and the term. They are looked for in
 * sources, messages, comments and documents, whatever their case.
 */
export const WORDS_TO_AVOID: readonly (readonly [avoid: RegExp, instead: string])[] = [
  [/\bmend(s|ed|ing|able)?\b/, "fix"],
  [/\banew\b/, "again"],
  [
    /\b(whereupon|whereof|thereof|wherein|therein|thereupon|herewith|hitherto|lest|whilst|forthwith)\b/,
    "a plain word",
  ],
  [/\b(which|that) there (is|are) not\b/, "unknown …"],
  [/\bnobody whose\b|\bwhose it is\b/, "… has no …"],
  [/\bno one knows\b|\bnobody knows whether\b/, "may or may not"],
  [/\bwithout hurry\b/, "when convenient"],
  [/\bwithout a word\b/, "without a warning"],
  [/\bin good order\b/, "cleanly"],
  [/\bfor (the )?want of\b/, "because … is missing"],
  [/\b(is|are|was|were|be|been) said\b/, "is reported"],
  [/\b(is|are) told of (else|no)where\b|\bhave this forgotten\b/, "is reported; is removed"],
  [/\bstands (?!for\b|in\b|still\b)/, "is"],
  [/\bfor the second time\b/, "already used"],
  [/\bgoes nowhere\b/, "is not used"],
  [/\b(senseless|unwell)\b/, "unexpected; retryable"],
  [
    /\b(folder|file|page|line|container|connection|pod|daemonset|stack|ledger|request|head|day) an? (course|blog|kernel|thing|host|node|image|repository|student|article|cluster|environment|resource|cell)\b/,
    "one … per …",
  ],
];
