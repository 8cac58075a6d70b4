/** Finds everything that references lead to from a document through other files, and gives names to what is brought in. */

import { at } from "../../../src/lifecycle/expression.js";
import type { Diagnostic } from "../../diagnostics.js";
import { MAX_DEPTH } from "../bounds.js";
import { LOCAL_REFERENCE, REFERENCE_NAME } from "../loading.js";
import { type Json, join, object, tokensOf } from "../pointer.js";
import type { Place } from "../positions.js";
import { addressOf } from "./address.js";
import { COMPONENT_KINDS, type ComponentKind, type Context, DOCUMENT, isComponentKind } from "./contexts.js";
import type { Library, Volume } from "./library.js";
import { eachSite, isAlone, referenceOf, type Site } from "./sites.js";

/** A part of another file that becomes a component. */
export interface Unit {
  readonly volume: Volume;
  readonly pointer: string;
  readonly kind: ComponentKind;
  /** Given when everything has been found. */
  name: string;
}

/** What a reference comes to. */
export type Resolution =
  /** A part of the document itself. */
  | { readonly type: "here"; readonly pointer: string }
  /** A component that is brought in, or something within it. */
  | { readonly type: "unit"; readonly unit: Unit; readonly rest: string }
  /** Something that takes the place of the reference. */
  | { readonly type: "inline"; readonly volume: Volume; readonly pointer: string }
  /** Nothing that may be read; written so that nobody takes it for a local reference. */
  | { readonly type: "lost"; readonly reference: string };

export interface Findings {
  resolve(volume: Volume, site: Pick<Site, "reference" | "context" | "isMapping">): Resolution | undefined;
  readonly units: readonly Unit[];
  readonly diagnostics: readonly Diagnostic[];
}

/** @param locate where a part of a file was written; parts of the document may come from an overlay. */
export async function explore(
  document: Volume,
  library: Library,
  locate: (volume: Volume, pointer: string) => Place,
): Promise<Findings> {
  const exploration = new Exploration(document, library, locate);
  await exploration.run();
  return exploration;
}

class Exploration implements Findings {
  readonly diagnostics: Diagnostic[] = [];
  readonly #document: Volume;
  readonly #library: Library;
  readonly #locate: (volume: Volume, pointer: string) => Place;
  readonly #units = new Map<string, Unit>();
  /** Where the first reference to each unit stands. */
  readonly #firstSites = new Map<Unit, { volume: Volume; pointer: string }>();
  readonly #resolutions = new Map<string, Resolution>();
  readonly #queue: { volume: Volume; pointer: string; context: Context }[] = [];
  readonly #reached = new Set<string>();

  constructor(document: Volume, library: Library, locate: (volume: Volume, pointer: string) => Place) {
    this.#document = document;
    this.#library = library;
    this.#locate = locate;
  }

  get units(): readonly Unit[] {
    return [...this.#units.values()];
  }

  resolve(volume: Volume, site: Pick<Site, "reference" | "context" | "isMapping">): Resolution | undefined {
    return this.#resolutions.get(keyOf(volume, site));
  }

  async run(): Promise<void> {
    this.#reach(this.#document, "", DOCUMENT);
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const { volume, pointer, context } = next;
      const sites: Site[] = [];
      eachSite(at(volume.root, pointer), context, pointer, (site) => sites.push(site));
      for (const site of sites) await this.#follow(volume, site);
    }
    this.#nameUnits();
  }

  #reach(volume: Volume, pointer: string, context: Context): void {
    const key = `${context.kind} ${context.isMap} ${volume.path}#${pointer}`;
    if (this.#reached.has(key)) return;
    this.#reached.add(key);
    this.#queue.push({ volume, pointer, context });
  }

  async #follow(volume: Volume, site: Site): Promise<void> {
    const key = keyOf(volume, site);
    if (this.#resolutions.has(key)) return;
    const resolution = await this.#find(volume, site);
    if (resolution !== undefined) this.#resolutions.set(key, resolution);
  }

  async #find(volume: Volume, site: Site): Promise<Resolution | undefined> {
    const { reference, isMapping } = site;
    const isName = isMapping && Object.hasOwn(object(at(volume.root, "/components/schemas")), reference);
    if (isMapping && !isName && !/[#/]|\.(?:ya?ml|json)$/i.test(reference)) return undefined;
    if (volume === this.#document && (isName || reference === "#" || reference.startsWith("#/"))) return undefined;
    const written = isName ? `#${join("/components/schemas", encodeURIComponent(reference))}` : reference;
    const address = addressOf(written, volume.path);
    if (address === undefined) return this.#lose(volume, site, `"${reference}" is no reference`);

    const target = address.file === volume.path ? volume : await this.#library.follow(address.file);
    if ("message" in target) {
      const named = this.#library.identified(volume, reference);
      if (named !== undefined) return this.#lead(volume, site, volume, named);
      return this.#lose(volume, site, `"${reference}" leads to nothing that can be read: ${target.message}`, target.hint);
    }
    const pointer = this.#library.pointerOf(target, address.fragment);
    if (pointer !== undefined) return this.#lead(volume, site, target, pointer);
    // A pointer into the document itself is told with all others that lead nowhere in it.
    if (target === this.#document && address.fragment.startsWith("/")) return { type: "here", pointer: address.fragment };
    const place = target === volume ? "this file" : target.path;
    const way = address.fragment.startsWith("/") ? `leads nowhere in ${place}` : `names nothing in ${place}`;
    return this.#lose(volume, site, `"${reference}" ${way}`);
  }

  #lead(volume: Volume, site: Site, target: Volume, pointer: string): Resolution {
    if (target === this.#document) return { type: "here", pointer };
    const { context } = site;
    if (context.isMap || !isComponentKind(context.kind)) {
      this.#reach(target, pointer, context);
      return { type: "inline", volume: target, pointer };
    }
    const [first, kind = "", name, ...rest] = tokensOf(pointer);
    if (first === "components" && isComponentKind(kind) && name !== undefined) {
      const unit = this.#unit(volume, site, { volume: target, pointer: join("", first, kind, name), kind, name: "" });
      return { type: "unit", unit, rest: rest.length === 0 ? "" : join("", ...rest) };
    }
    return {
      type: "unit",
      unit: this.#unit(volume, site, { volume: target, pointer, kind: context.kind, name: "" }),
      rest: "",
    };
  }

  #unit(volume: Volume, { pointer }: Site, unit: Unit): Unit {
    const key = `${unit.kind} ${unit.volume.path}#${unit.pointer}`;
    const known = this.#units.get(key);
    if (known !== undefined) return known;
    this.#units.set(key, unit);
    this.#firstSites.set(unit, { volume, pointer });
    this.#reach(unit.volume, unit.pointer, { kind: unit.kind, isMap: false });
    return unit;
  }

  #lose(volume: Volume, { reference, pointer, isMapping }: Site, message: string, hint?: string): Resolution {
    this.diagnostics.push({ ...LOCAL_REFERENCE.says(message, hint), ...this.#locate(volume, pointer), pointer });
    const isLocal = reference.startsWith("#") && volume !== this.#document && !isMapping;
    return { type: "lost", reference: isLocal ? `${volume.path}${reference}` : reference };
  }

  #nameUnits(): void {
    for (const kind of COMPONENT_KINDS) {
      const units = this.units.filter((unit) => unit.kind === kind);
      if (units.length === 0) continue;
      const names = this.#claims(kind);
      for (const unit of units) {
        if (unit.name !== "") continue;
        const wanted = nameOf(unit);
        unit.name = wanted;
        for (let count = 2; names.has(unit.name); count += 1) unit.name = `${wanted}_${count}`;
        names.add(unit.name);
        if (unit.name !== wanted) this.#tellName(unit, wanted);
      }
    }
  }

  /**
   * The names of the document's own components. One that is nothing but a reference to a unit gives its name to the unit,
   * which takes its place.
   */
  #claims(kind: ComponentKind): Set<string> {
    const root = this.#behind(this.#document, this.#document.root, DOCUMENT);
    const components = this.#behind(root.volume, root.value["components"], { kind: "components", isMap: false });
    const { volume, value: members } = this.#behind(components.volume, components.value[kind], { kind, isMap: true });
    for (const [name, member] of Object.entries(members)) {
      const reference = isAlone(member) ? referenceOf(member) : undefined;
      if (reference === undefined) continue;
      const found = this.resolve(volume, { reference, context: { kind, isMap: false }, isMapping: false });
      const isWhole = found?.type === "unit" && found.rest === "" && found.unit.kind === kind;
      if (isWhole && found.unit.name === "") found.unit.name = name;
    }
    return new Set(Object.keys(members));
  }

  /** The map that takes the place of a reference which stands where a map should. */
  #behind(volume: Volume, value: unknown, context: Context): { volume: Volume; value: Json } {
    let current = { volume, value: object(value) };
    for (let turns = 0; turns < MAX_DEPTH; turns += 1) {
      const reference = referenceOf(current.value);
      const found =
        reference === undefined ? undefined : this.resolve(current.volume, { reference, context, isMapping: false });
      if (found?.type !== "inline") break;
      current = { volume: found.volume, value: object(at(found.volume.root, found.pointer)) };
    }
    return current;
  }

  #tellName(unit: Unit, wanted: string): void {
    const site = this.#firstSites.get(unit);
    if (site === undefined) return;
    const message = `another of the ${unit.kind} is called "${wanted}", so this one of ${unit.volume.path} is called "${unit.name}"`;
    const hint = `name it under components/${unit.kind} of the document to choose the name`;
    this.diagnostics.push({
      ...REFERENCE_NAME.says(message, hint),
      ...this.#locate(site.volume, site.pointer),
      pointer: site.pointer,
    });
  }
}

function keyOf(volume: Volume, { reference, context, isMapping }: Pick<Site, "reference" | "context" | "isMapping">): string {
  return `${context.kind} ${context.isMap} ${isMapping} ${volume.path} ${reference}`;
}

/** Parts of schemas and messages, whose names say nothing of what they are. */
const NAMELESS = /^(?:\d+|schema|items|additionalProperties|not|if|then|else)$/;

/** The name that a part has where it stands: that of its member, else that of its file, else that of the file's folder. */
function nameOf({ volume, pointer }: Unit): string {
  const [folder = "", file = ""] =
    volume.path.split("/").slice(-2).length === 2 ? volume.path.split("/").slice(-2) : ["", volume.path];
  const base = file.replace(/[?#].*$/, "").replace(/\.[^.]+$/, "");
  const own = base === "index" && folder !== "" ? folder : base;
  const last = tokensOf(pointer).at(-1);
  const name = last === undefined ? own : NAMELESS.test(last) ? `${own}_${last}` : last;
  return name.replace(/[^\w.-]/g, "_") || "part";
}
