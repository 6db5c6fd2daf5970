// Completion for bash, zsh and fish: each script hands the line to `labctl complete` and offers what that prints.
//
// The protocol is a line a word, with a description behind a tab; `:files` says that a file name will do, too.

const bash = `# Completion of labctl for bash. Put it where bash looks for it:
#   labctl completion bash > ~/.local/share/bash-completion/completions/labctl
# or, for this shell alone: source <(labctl completion bash)
_labctl() {
  local line files='' word=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=yes; else COMPREPLY+=("\${line%%$'\\t'*}"); fi
  done < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)
  if [[ -n $files ]]; then
    compopt -o filenames
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
  fi
}
complete -F _labctl labctl`;

const zsh = `#compdef labctl
# Completion of labctl for zsh. Put it into a folder of $fpath:
#   labctl completion zsh > ~/.zfunc/_labctl     (with fpath+=~/.zfunc before compinit)
# or, for this shell alone: source <(labctl completion zsh)
_labctl() {
  local line files
  local -a found
  for line in "\${(@f)$("\${(Q)words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2> /dev/null)}"; do
    case $line in
      '') ;;
      :files) files=yes ;;
      *$'\\t'*) found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
      *) found+=("\${line//:/\\\\:}") ;;
    esac
  done
  (( $#found )) && _describe -t labctl labctl found
  [[ -n $files ]] && _files
  return 0
}
if [[ $funcstack[1] == _labctl ]]; then _labctl "$@"; else compdef _labctl labctl; fi`;

const fish = `# Completion of labctl for fish. Put it where fish looks for it:
#   labctl completion fish > ~/.config/fish/completions/labctl.fish
# or, for this shell alone: labctl completion fish | source
function __labctl_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    for line in ($words[1] complete -- $words[2..-1] "$word" 2> /dev/null)
        if test "$line" = :files
            __fish_complete_path "$word"
        else
            printf '%s\\n' "$line"
        end
    end
end
complete -c labctl -f -a '(__labctl_complete)'`;

/** By shell, without a line break at the end. */
export const scripts = { bash, zsh, fish } as const;
