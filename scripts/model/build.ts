/** From a document to the model of its API: everything that templates print is decided here. */

import type { ApiDefinition } from "../../src/lifecycle/contract.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { at } from "../../src/lifecycle/expression.js";
import { featuresOf } from "../../src/lifecycle/features.js";
import type { Document } from "../spec/document.js";
import { list, object } from "../spec/pointer.js";
import { readChallenges } from "./challenges.js";
import { readInputs } from "./inputs.js";
import { tokenLife } from "./life.js";
import type { ApiModel, SchemeModel, ServerModel } from "./model.js";
import { apiNames } from "./names.js";
import { rawOperation, readLink, readOperations } from "./operations.js";
import { schemeSentences } from "./sentences.js";
import { readStart } from "./start.js";
import { textOf } from "./text.js";

export interface ModelNames {
  /** The API's. Default: the document's. */
  readonly name?: string;
  /** The client's in code. Default: made from the API's. */
  readonly client?: string;
}

/** The document has been mended and linted: what they report is not looked for again. */
export function buildModel(document: Document, { name = document.name, client = name }: ModelNames = {}): ApiModel {
  const definition = readDefinition(document.root, name);
  const operations = readOperations(document, definition.operations);
  const inputs = readInputs(document.root, definition);
  const byName = new Map(operations.map((operation) => [operation.name, operation]));

  const info = at(document.root, "/info");
  const [summary, description] = [textOf(at(info, "/summary")), textOf(at(info, "/description"))];
  const documentation = readLink(at(document.root, "/externalDocs"));
  return {
    name,
    source: document.path,
    names: apiNames(client),
    title: textOf(at(info, "/title")) ?? name,
    ...(summary && { summary }),
    ...(description && { description }),
    ...(documentation && { documentation }),
    definition,
    features: [...featuresOf(definition)].sort(),
    servers: readServers(document, definition),
    inputs,
    operations,
    securitySchemes: readSchemes(document, definition),
    challenges: readChallenges(document.root, definition, (name) => {
      const called = byName.get(name);
      if (called === undefined) return undefined;
      const { operation } = rawOperation(document, called.data.path, called.data.method);
      return operation["responses"];
    }),
    start: readStart(definition, inputs, operations),
  };
}

function readServers(document: Document, definition: ApiDefinition): ServerModel[] {
  const stated = list(at(document.root, "/servers"));
  return definition.servers.map((data, index) => {
    const description = textOf(object(stated[index])["description"]);
    return { data, ...(description && { description }) };
  });
}

function readSchemes(document: Document, definition: ApiDefinition): SchemeModel[] {
  const stated = object(at(document.root, "/components/securitySchemes"));
  return Object.entries(definition.securitySchemes).map(([name, data]) => {
    const description = textOf(object(document.dereference(stated[name]))["description"]);
    const life = tokenLife(data);
    return { name, data, ...(description && { description }), sentences: schemeSentences(data), ...(life && { life }) };
  });
}
