import { homedir } from "node:os";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { projectFiles, read } from "./papers.js";

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** This file, which spells what it looks for. */
const SELF = "test/project/secrets-and-paths.test.ts";

const lock = JSON.parse(read("package-lock.json")) as { readonly packages: Readonly<Record<string, LockedPackage>> };
const packages = Object.entries(lock.packages).filter(([name]) => name !== "");

describe("no file of the project", () => {
  it.each<{ name: string; pattern: RegExp }>([
    { name: "the folder that it was checked out to", pattern: literally(packageFile(".").replace(/\/$/, "")) },
    { name: "the home of whoever runs this", pattern: literally(`${homedir()}/`) },
    { name: "a path of somebody's machine", pattern: /(?<![\w.:/-])\/(?:home|Users|root|work)\/[\w.-]+|[A-Z]:\\{1,2}Users/ },
    { name: "the address of a registry", pattern: /\bregistry\.[a-z-]+\.[a-z]+|\b_authToken\b|^\s*(?:@[\w-]+:)?registry\s*=/m },
    { name: "a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY/ },
    {
      name: "a token of a well-known service",
      pattern: /\b(?:gh[pousr]_\w{30,}|npm_\w{30,}|AKIA[0-9A-Z]{16}|xox[abp]-[\w-]{20,})/,
    },
  ])("holds $name", ({ pattern }) => {
    const holding = projectFiles().filter((file) => file !== SELF && pattern.test(read(file)));
    expect(holding).toEqual([]);
  });
});

describe("package-lock.json", () => {
  it("locks the packages of package.json", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      expect(lock.packages, name).toHaveProperty([`node_modules/${name}`]);
    }
  });

  it("locks the packages for every platform, without which npm 11 installs none", () => {
    const locked = packages.map(([place]) => place.replace(/^.*node_modules\//, ""));
    const optional = packages.flatMap(([, { optionalDependencies = {} }]) => Object.keys(optionalDependencies));
    expect(optional.filter((name) => !locked.includes(name))).toEqual([]);
  });

  it("names no host, so that it works with every registry", () => {
    expect(packages.filter(([, { resolved, link }]) => resolved !== undefined && !link).map(([name]) => name)).toEqual([]);
  });

  it("knows the content of every package", () => {
    const unknown = packages.filter(([, { integrity, link }]) => !link && !integrity?.startsWith("sha512-"));
    expect(unknown.map(([name]) => name)).toEqual([]);
  });

  it("has no package that runs a script when it is installed", () => {
    expect(packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([name]) => name)).toEqual([]);
  });
});

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}
