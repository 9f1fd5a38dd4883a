import { expect, it, vi } from "vitest";
import { DraftStore } from "./draft-store.ts";

const FILE = { path: "clusters/campus/profiles.yaml", base: "a".repeat(40), value: [{ display_name: "A" }] };
const wanted = [{ display_name: "B" }];

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    kept,
  };
}
let count = 0;
const newId = () => `${count++}`.padStart(8, "0");

it("keeps a change when the page is loaded again, and none of another tab", () => {
  const [tab, other] = [storage(), storage()];
  const store = new DraftStore(tab, "draft", newId);
  store.set(FILE, wanted);
  const again = new DraftStore(tab, "draft", newId);
  expect(again.draft()).toEqual(store.draft());
  expect(again.edit(FILE.path)).toEqual({ ...FILE, baseValue: FILE.value, value: wanted });
  expect(new DraftStore(other, "draft", newId).draft().edits).toEqual([]);
});

it("keeps the version that a change was made of, though the file has changed since", () => {
  const store = new DraftStore(storage(), "draft", newId);
  store.set(FILE, wanted);
  store.set({ ...FILE, base: "b".repeat(40), value: [{ display_name: "D" }] }, [{ display_name: "C" }]);
  expect(store.edit(FILE.path)).toEqual({
    ...FILE,
    baseValue: [{ display_name: "A" }],
    value: [{ display_name: "C" }],
  });
});

it("is empty once a value is what the file has, and another draft then", () => {
  const tab = storage();
  const store = new DraftStore(tab, "draft", newId);
  const told = vi.fn();
  store.subscribe(told);
  store.set(FILE, wanted);
  const { id } = store.draft();
  store.set(FILE, [{ display_name: "A" }]);
  expect(store.draft().edits).toEqual([]);
  expect(store.draft().id).not.toBe(id);
  expect(tab.kept.size).toBe(0);
  expect(told).toHaveBeenCalledTimes(2);
});

it("starts with nothing where what is kept can't be read", () => {
  for (const text of ["{", "[]", '{"id":"x","edits":[]}']) {
    const tab = storage();
    tab.setItem("draft", text);
    expect(new DraftStore(tab, "draft", newId).draft().edits).toEqual([]);
  }
});
