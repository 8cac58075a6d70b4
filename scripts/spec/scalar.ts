/** What an unquoted scalar means: the core schema of YAML 1.2, in which there are no dates, and `yes` is a text. */

/** @see https://yaml.org/spec/1.2.2/#1032-tag-resolution */
export function resolvePlain(text: string): unknown {
  switch (text) {
    case "":
    case "~":
    case "null":
    case "Null":
    case "NULL":
      return null;
    case "true":
    case "True":
    case "TRUE":
      return true;
    case "false":
    case "False":
    case "FALSE":
      return false;
    default:
      return MAY_BE_NUMBER.test(text) ? resolveNumber(text) : text;
  }
}

const MAY_BE_NUMBER = /^[-+.\d]/;
const DECIMAL = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const RADIX = /^0(?:o[0-7]+|x[\da-fA-F]+)$/;
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/;

function resolveNumber(text: string): unknown {
  if (DECIMAL.test(text) || RADIX.test(text)) return Number(text);
  if (INFINITE.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return NOT_A_NUMBER.test(text) ? Number.NaN : text;
}
