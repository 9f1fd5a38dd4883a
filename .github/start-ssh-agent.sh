#!/usr/bin/env bash
# Gives the later steps of a job an SSH agent that holds the stack's key (lectern:sshPrivateKey): the setup commands of
# gateway hosts log in with it. The key goes from the CLI to the agent, and is in no file, argument or log.
# A stack without such a key gets no agent.
set -euo pipefail

errors="$(mktemp)"
trap 'rm -f "$errors"' EXIT
if ! key="$(pulumi config get --stack "$STACK" lectern:sshPrivateKey 2>"$errors")"; then
  if grep -q "configuration key .* not found" "$errors"; then
    echo "lectern:sshPrivateKey is not set in $STACK: no SSH agent is started"
  else
    # The step that deploys fails for the same reason, or needs no agent.
    echo "::warning::no SSH agent is started, as lectern:sshPrivateKey of $STACK can't be read: $(tail -n 1 "$errors")"
  fi
  exit 0
fi
eval "$(ssh-agent -s)" >/dev/null
if ! printf '%s\n' "$key" | ssh-add -q -; then
  ssh-agent -k >/dev/null
  echo "::error::lectern:sshPrivateKey of $STACK is not a private key without a passphrase"
  exit 1
fi
printf '%s\n' "SSH_AUTH_SOCK=$SSH_AUTH_SOCK" "SSH_AGENT_PID=$SSH_AGENT_PID" >>"$GITHUB_ENV"
