# Functions that every script shares. Source it, do not run it:
#
#   source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
#
# Afterwards CHECKOUT (this checkout), TRIBUTARY_HOME (data and logs, absolute, exported) and the
# TRIBUTARY_* settings of the environment are what the programs started from here see.
# Exit codes: 0 done, 1 failed at run time, 2 usage or configuration.
# shellcheck shell=bash

set -euo pipefail

CHECKOUT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
export CHECKOUT

# say TEXT…: progress for people, on standard error, so that standard output stays for results.
say() {
  printf '%s\n' "$*" >&2
}

# fail TEXT…: a failure at run time. Shape: "Cannot <verb> <object>: <reason>. <remedy>."
fail() {
  say "$*"
  exit 1
}

# usage_error TEXT…: wrong arguments or settings.
usage_error() {
  say "$*"
  exit 2
}

# absolute PATH: PATH from the root, whether it exists or not.
absolute() {
  case "$1" in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s/%s\n' "$PWD" "$1" ;;
  esac
}

TRIBUTARY_HOME="$(absolute "${TRIBUTARY_HOME:-$CHECKOUT/.tributary}")"
export TRIBUTARY_HOME

# java_major JAVA: the feature number ("17") of a java binary, empty when it does not run.
java_major() {
  "$1" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *java\.specification\.version = //p'
}

# find_java: sets JAVA (binary) and JAVA_HOME to a JDK 17, or ends with a message.
# Looks at JAVA_HOME, then at java on the PATH, then where systems put JDKs.
find_java() {
  if [[ -n "${TRIBUTARY_JAVA_CHECKED:-}" && -x "${JAVA_HOME:-}/bin/java" ]]; then
    JAVA="$JAVA_HOME/bin/java"
    return
  fi
  local candidate seen=""
  local -a candidates=()
  [[ -n "${JAVA_HOME:-}" ]] && candidates+=("$JAVA_HOME/bin/java")
  command -v java >/dev/null 2>&1 && candidates+=("$(command -v java)")
  for candidate in /usr/lib/jvm/*17*/bin/java /opt/*17*/bin/java \
    /Library/Java/JavaVirtualMachines/*17*/Contents/Home/bin/java "$HOME"/.sdkman/candidates/java/17*/bin/java; do
    [[ -x "$candidate" ]] && candidates+=("$candidate")
  done
  for candidate in ${candidates[@]+"${candidates[@]}"}; do
    [[ -x "$candidate" ]] || continue
    local major
    major="$(java_major "$candidate" || true)"
    if [[ "$major" == "17" ]]; then
      JAVA_HOME="$("$candidate" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')"
      JAVA="$JAVA_HOME/bin/java"
      TRIBUTARY_JAVA_CHECKED=1
      export JAVA JAVA_HOME TRIBUTARY_JAVA_CHECKED
      return
    fi
    seen="$seen $candidate (Java ${major:-unknown})"
  done
  [[ -n "$seen" ]] && seen="found only$seen" || seen="no java in JAVA_HOME or on the PATH"
  fail "Cannot find JDK 17: $seen. Install JDK 17 (Debian: apt-get install openjdk-17-jdk-headless) or point JAVA_HOME at it."
}

# need_jdk: as find_java, and the compiler must be there too.
need_jdk() {
  find_java
  [[ -x "$JAVA_HOME/bin/javac" ]] ||
    fail "Cannot compile: $JAVA_HOME is a Java 17 runtime without javac. Install the JDK (Debian: apt-get install openjdk-17-jdk-headless) or point JAVA_HOME at one."
}

# need_maven: sets MAVEN, or ends with a message.
need_maven() {
  MAVEN="$(command -v mvn || true)"
  [[ -n "$MAVEN" ]] ||
    fail "Cannot find mvn: Maven is not on the PATH. Install Maven 3.8 or newer (Debian: apt-get install maven)."
  export MAVEN
}

# need TOOL [HOW]: ends with a message when TOOL is not on the PATH.
need() {
  command -v "$1" >/dev/null 2>&1 ||
    fail "Cannot find $1: it is not on the PATH. ${2:-Install it and try again.}"
}

# built MODULE: true when MODULE (a folder of the checkout) has classes and a class path.
built() {
  [[ -d "$CHECKOUT/$1/target/classes" && -s "$CHECKOUT/$1/target/classpath.txt" ]]
}

# class_path MODULE: prints the class path of a built MODULE, its own classes first; where Spark is
# what a Spark installation would provide (provided-classpath.txt), Spark too.
# Call it as  CP="$(class_path api)"  : a failure then ends the script.
class_path() {
  built "$1" ||
    fail "Cannot run $1: it has not been built (no $1/target/classes or $1/target/classpath.txt in $CHECKOUT). Run scripts/build first."
  local jar missing=""
  local path
  path="$(<"$CHECKOUT/$1/target/classpath.txt")"
  [[ ! -s "$CHECKOUT/$1/target/provided-classpath.txt" ]] ||
    path="$path:$(<"$CHECKOUT/$1/target/provided-classpath.txt")"
  local -a entries
  IFS=':' read -r -a entries <<<"$path"
  for jar in ${entries[@]+"${entries[@]}"}; do
    [[ -e "$jar" ]] || missing="$jar"
  done
  [[ -z "$missing" ]] ||
    fail "Cannot run $1: $missing of its class path is gone. Run scripts/build again."
  printf '%s:%s\n' "$CHECKOUT/$1/target/classes" "$path"
}

# spark_opens: the JVM options that Spark, Delta and the connector need on JDK 17, from the parent pom.
spark_opens() {
  sed -n 's:.*<spark\.opens>\(.*\)</spark\.opens>.*:\1:p' "$CHECKOUT/pom.xml"
}

# spark_region: of a batch's arrays and of Kafka's answers many are up to 4 MiB. In G1's regions of 1
# MiB each of them takes regions of its own and brings on a cycle of the garbage collector.
spark_region() {
  printf '%s' "-XX:G1HeapRegionSize=16m"
}

# spark_jvm: the JVM options of a Spark driver here; options that follow them win.
spark_jvm() {
  printf '%s %s' "$(spark_opens)" "$(spark_region)"
  # Deduplication looks up events all over hundreds of megabytes: fewer pages are fewer look-ups of pages.
  if grep -Eqs '\[(always|madvise)\]' /sys/kernel/mm/transparent_hugepage/enabled; then
    printf ' %s' "-XX:+UseTransparentHugePages"
  fi
}

# run_java MODULE [JVM OPTION…] MAIN_CLASS [ARGUMENT…]: becomes that program (exec), so signals and
# the exit code are the program's own.
run_java() {
  local module="$1" class_path_of_module
  shift
  find_java
  class_path_of_module="$(class_path "$module")"
  exec "$JAVA" "-Dtributary.checkout=$CHECKOUT" -cp "$class_path_of_module" "$@"
}

# wait_for_url URL SECONDS [PID]: true once URL answers below 400; false after SECONDS or as soon as
# process PID is gone.
wait_for_url() {
  local deadline=$((SECONDS + $2))
  while ((SECONDS < deadline)); do
    curl -fsS -o /dev/null --max-time 3 "$1" 2>/dev/null && return 0
    [[ -z "${3:-}" ]] || kill -0 "$3" 2>/dev/null || return 1
    sleep 0.3
  done
  return 1
}

# port_taken PORT: true when something listens on 127.0.0.1:PORT.
port_taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
