# frozen_string_literal: true

# Builds one site with the Jekyll that is installed, and writes down what it could not build.
#
# `ruby driver.rb OPTIONS.json`. Every page is rendered on its own: one that fails, takes too long
# or grows too large is noted and left out, where Jekyll alone would end the whole build. The notes
# are JSON lines; the last one of a build that came to its end is {"kind": "end"}.

require "json"
require "jekyll"
require "timeout"

# What is known about the build, and the notes.
module Keeper
  OPTIONS = JSON.parse(File.read(ARGV.fetch(0)))
  NOTES = File.open(OPTIONS.fetch("notes"), "a")
  NOTES.sync = true
  MOST_NOTES = 500_000
  LONGEST = 600
  STARTED = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  NOW = Time.at(OPTIONS.fetch("now"))

  # Not a StandardError: nothing between here and the page may take it for its own.
  class TooLong < Exception; end # rubocop:disable Lint/InheritException

  class << self
    attr_accessor :files, :bytes, :depth, :count

    def note(kind, path, why = "", **more)
      self.count += 1
      return if count > MOST_NOTES && kind != "end"

      line = { "kind" => kind, "path" => clean(path), "why" => clean(why) }.merge(more)
      NOTES.write("#{JSON.generate(line)}\n")
    end

    def once(kind, path, why)
      @told ||= {}
      key = [kind, path.to_s, why.to_s]
      note(kind, path, why) unless @told.key?(key)
      @told[key] = true
    end

    def clean(text)
      text.to_s.dup.force_encoding("UTF-8").scrub("?")[0, LONGEST].gsub(OPTIONS["source"], "")
    end

    # The path of an item in the tree, whatever its front matter says.
    def place(item)
      path = item.is_a?(Jekyll::Document) || item.is_a?(Jekyll::Excerpt) ? item.path : item.relative_path
      path.to_s.delete_prefix(OPTIONS["source"]).delete_prefix("/").delete_suffix("#excerpt")
    end

    def fail(item, error)
      failed[item] = true unless item.is_a?(Jekyll::Excerpt)
      what = error.is_a?(TooLong) ? "it takes longer than the limit" : "#{error.class}: #{error.message}"
      note("failed", place(item), what)
    end

    def failed
      @failed ||= {}.compare_by_identity
    end

    def left
      OPTIONS["total_seconds"] - (Process.clock_gettime(Process::CLOCK_MONOTONIC) - STARTED)
    end

    # Runs a block that may fail or hang; gives `instead` then, after `told` was called.
    def guard(told, instead = nil, &block)
      return yield if depth.positive?

      begin
        self.depth += 1
        seconds = [OPTIONS["page_seconds"], left].min
        raise TooLong if seconds <= 0

        Timeout.timeout(seconds, TooLong, &block)
      rescue StandardError, SystemStackError, NoMemoryError, ScriptError, TooLong => e
        told.call(e)
        instead
      ensure
        self.depth -= 1
      end
    end

    def room_for?(size)
      self.files += 1
      self.bytes += size
      files <= OPTIONS["output_files"] && bytes <= OPTIONS["output_bytes"]
    end

    # Stands in for a tag of a plugin that is not there.
    def stand_in(message)
      name = message[/Unknown tag '([\w-]{1,64})'/, 1] || message[/'(end[\w-]{1,64})' is not a valid/, 1]
      @stand_ins ||= 0
      return false if name.nil? || Liquid::Template.tags[name] || (@stand_ins += 1) > 200

      Liquid::Template.register_tag(name, Class.new(Nothing))
      true
    end
  end
  self.files = self.bytes = self.depth = self.count = 0

  class Nothing < Liquid::Tag
    def render(context)
      page = context.registers[:page]
      path = page.respond_to?(:[]) ? page["path"] : ""
      Keeper.once("tag", path, tag_name) unless tag_name.to_s.start_with?("end")
      ""
    end
  end

  # One moment for the whole build: nothing in it gets the date of today.
  module Clock
    def now(*)
      NOW.dup.localtime
    end
  end

  module Today
    def today(*)
      time = NOW.dup.localtime
      new(time.year, time.month, time.day)
    end
  end

  module Rendering
    def run
      Keeper.note("begin", Keeper.place(document))
      tell_layouts
      original = document.content
      told = ->(error) { Keeper.fail(document, error) }
      done = Keeper.guard(told, "") do
        super
      rescue Liquid::SyntaxError => e
        raise unless Keeper.stand_in(e.message)

        document.content = original
        retry
      end
      Keeper.note("done", Keeper.place(document))
      done
    end

    def tell_layouts
      name = document.data["layout"] unless document.is_a?(Jekyll::Excerpt)
      seen = {}
      while name && name != "none" && !seen.key?(name)
        seen[name] = true
        layout = site.layouts[name.to_s]
        Keeper.once("layout", Keeper.place(document), name) if layout.nil?
        name = layout && layout.data["layout"]
      end
    end
  end

  module ReadingDocument
    def read(*)
      Keeper.guard(->(error) { Keeper.fail(self, error) }) { super }
    end
  end

  module ReadingPage
    def read_yaml(*)
      Keeper.guard(->(error) { Keeper.fail(self, error) }) { super }
      self.content ||= ""
      self.data ||= {}
    end
  end

  module Site
    def read
      super
      collections.each_value { |each| each.docs.reject! { |doc| Keeper.failed.key?(doc) } }
      pages.reject! { |page| Keeper.failed.key?(page) }
    end

    def generate
      generators.each do |generator|
        told = ->(error) { Keeper.note("generator", generator.class.name, error.message) }
        Keeper.guard(told) { generator.generate(self) }
      end
    end
  end

  module Writing
    def write(dest)
      return false if Keeper.failed.key?(self)

      size = is_a?(Jekyll::StaticFile) ? File.size(path) : output.to_s.bytesize
      unless Keeper.room_for?(size)
        Keeper.note("failed", Keeper.place(self), "the site is larger than the limit")
        return false
      end
      super
      target = destination(dest).delete_prefix(dest).delete_prefix("/")
      Keeper.note("written", Keeper.place(self), "", "to" => target.dup.force_encoding("UTF-8").scrub("?"))
    rescue SystemCallError => e
      Keeper.fail(self, e)
      false
    end
  end

  module Log
    def warn(topic, message = nil, &block)
      Keeper.once("said", "", [topic, message || block&.call].join(" ").strip)
    end

    def error(topic, message = nil, &block)
      Keeper.once("said", "", [topic, message || block&.call].join(" ").strip)
    end
  end

  module Filters
    def invoke(method, *arguments)
      known = self.class.respond_to?(:invokable?) && !self.class.invokable?(method)
      if known
        page = @context.registers[:page]
        Keeper.once("filter", page.respond_to?(:[]) ? page["path"] : "", method)
      end
      super
    end
  end

  def self.install
    Time.singleton_class.prepend(Clock)
    Date.singleton_class.prepend(Today)
    Jekyll::Renderer.prepend(Rendering)
    Jekyll::Document.prepend(ReadingDocument)
    Jekyll::Page.prepend(ReadingPage)
    Jekyll::Site.prepend(Site)
    Jekyll::LogAdapter.prepend(Log)
    [Jekyll::Document, Jekyll::Page, Jekyll::StaticFile].each { |each| each.prepend(Writing) }
    Liquid::StrainerTemplate.prepend(Filters) if defined?(Liquid::StrainerTemplate)
    length = OPTIONS["liquid_bytes"]
    Liquid::Template.default_resource_limits[:render_length_limit] = length
    Liquid::Template.default_resource_limits[:assign_score_limit] = length
  end

  def self.build
    install
    Jekyll.logger.log_level = :warn
    Jekyll::Site.new(Settings.read).process
    note("end", "")
  rescue StandardError, SystemStackError, NoMemoryError, ScriptError, SystemExit => e
    note("fatal", "", "#{e.class}: #{e.message}")
    exit! 1
  end
end

require_relative "settings"
Keeper.build
