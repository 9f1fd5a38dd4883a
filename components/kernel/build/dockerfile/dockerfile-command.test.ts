import { expect, test } from "vitest";
import { commandFindings } from "./dockerfile-command.ts";
import { readStages } from "./dockerfile-stages.ts";

function codes(lines: string): string[] {
  const stage = readStages(`FROM a:1\n${lines}\n`).stages.at(-1);
  return stage ? commandFindings(stage).map(({ code }) => code) : ["no stage"];
}

test.each([
  'CMD ["bootstrap-kernel.sh"]',
  "CMD /usr/local/bin/bootstrap-kernel.sh --verbose",
  'CMD ["python", "-m", "ipykernel_launcher", "-f", "x"]',
  'CMD ["/usr/bin/python3.12", "-W", "ignore", "/opt/launch_ipykernel.py"]',
  "CMD python -mipykernel_launcher",
  'CMD ["bash", "-c", "cd /x && exec /opt/my-kernel.sh"]',
  'CMD ["bash", "-lc", "A=b exec bootstrap-kernel.sh"]',
  'CMD ["bash", "/opt/bootstrap-kernel.sh"]',
  "CMD cd /x; A=b exec python /opt/launch_ipykernel.py",
  'CMD . /opt/activate && "/opt/bootstrap-kernel.sh"',
  "CMD bash -c 'exec /opt/bootstrap-kernel.sh'",
  'CMD ["python", "-c", "from ipykernel.kernelapp import main; main()"]',
  "CMD . /opt/bootstrap-kernel.sh",
  'ENTRYPOINT ["/start"]\nCMD ["bootstrap-kernel.sh"]',
  'CMD ["Rscript", "/opt/launch_IRkernel.R"]',
  'CMD ["conda", "run", "-n", "env", "python", "-m", "ipykernel"]',
  'ENTRYPOINT ["tini", "-g", "--"]\nCMD ["bootstrap-kernel.sh"]',
  'ENTRYPOINT ["/sbin/tini", "-e", "143", "--", "gosu", "jovyan"]\nCMD ["bootstrap-kernel.sh"]',
  'ENTRYPOINT ["/opt/start.sh"]\nCMD ["bootstrap-kernel.sh"]',
  'ENTRYPOINT ["/docker-entrypoint.sh", "-x"]\nCMD ["python", "-m", "ipykernel"]',
  'ENTRYPOINT ["tini"]\nCMD /opt/bootstrap-kernel.sh',
])("a kernel by %j", (lines) => expect(codes(lines)).toEqual([]));

test.each([
  'CMD ["cat", "/my-kernel.py"]',
  "CMD cat /my-kernel.py",
  'CMD ["bash", "-c", "cat /bootstrap-kernel.sh"]',
  'CMD ["sh", "-c", "echo ipykernel; sleep 1"]',
  'ENTRYPOINT ["tini", "--"]\nCMD ["cat", "/my-kernel.py"]',
  'CMD ["exec", "cat", "/my-kernel.py"]',
  'CMD ["/opt/ipykernel/bin/cat"]',
  'CMD ["pip", "show", "ipykernel"]',
  "CMD exec",
  "CMD []",
])("none by %j", (lines) => expect(codes(lines)).toEqual(["not-a-kernel-command"]));

test("a long chain of scripts is recognised quickly", () => {
  expect(codes(`CMD ${"/a.sh env ".repeat(40)} sleep`)).toEqual(["not-a-kernel-command"]);
});
