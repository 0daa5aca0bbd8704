<?php
// Questions in Moodle's question engine: their texts as they are shown, and what responses to them earn.

/** The shares of a question's points that responses earn, each in an attempt of its own that is never stored. */
function shares(question_definition $question, array $responses): array {
    $usage = question_engine::make_questions_usage_by_activity('core_question_preview', context_system::instance());
    $usage->set_preferred_behaviour('deferredfeedback');
    unshuffle($question);
    return array_map(function (?array $response) use ($usage, $question) {
        // Some types keep an attempt's order in the question.
        $slot = $usage->add_question(clone $question, $question->defaultmark);
        $usage->start_question($slot);
        $usage->process_action($slot, sent($usage->get_question($slot), $response));
        $usage->finish_question($slot);
        return $usage->get_question_fraction($slot);
    }, $responses);
}

/** Keeps the choices in the file's order, by which responses name them. */
function unshuffle(question_definition $question): void {
    if ($question instanceof qtype_multichoice_base) {
        $question->shuffleanswers = 0;
    }
    array_map(unshuffle(...), $question->subquestions ?? []);
}

/** What a browser would send: `pairs` names each stem's option, `order` the items' right places, from 0. */
function sent(question_definition $question, ?array $response): array {
    if ($response === null) {
        return $question->get_correct_response() ?? [];
    }
    if (isset($response['pairs'])) {
        $chosen = array_combine(array_keys($question->stems), $response['pairs']);
        $places = array_flip($question->get_choice_order());
        $options = array_flip($question->choices);
        $fields = array_map(fn($stem) => $places[$options[$chosen[$stem]] ?? 0] ?? 0, $question->get_stem_order());
        return array_combine(array_map(fn($at) => "sub{$at}", array_keys($fields)), $fields);
    }
    if (isset($response['order'])) {
        $items = array_values($question->answers);
        $keys = array_map(fn($place) => $items[$place]->md5key, $response['order']);
        return [$question->get_response_fieldname() => implode(',', $keys)];
    }
    return $response;
}

/** The question as students see it before they answer. */
function rendered(question_definition $question): string {
    $usage = question_engine::make_questions_usage_by_activity('core_question_preview', context_system::instance());
    $usage->set_preferred_behaviour('deferredfeedback');
    $slot = $usage->add_question($question);
    $usage->start_question($slot);
    return $usage->render_question($slot, new question_display_options());
}

/** A text as it is kept, as students see it, and as a site shows it that cleans what teachers write. */
function shown(string $text, int $contextid, string $area, int $item, string $component = 'question'): array {
    $linked = file_rewrite_pluginfile_urls($text, 'pluginfile.php', $contextid, $component, $area, $item);
    $options = ['context' => context::instance_by_id($contextid), 'para' => false];
    return [
        'kept' => $text,
        'shown' => format_text($linked, FORMAT_HTML, $options + ['noclean' => true]),
        'cleaned' => format_text($linked, FORMAT_HTML, $options + ['filter' => false]),
    ];
}

function texts(question_definition $question): array {
    $where = $question->contextid;
    $texts = [
        shown($question->questiontext, $where, 'questiontext', $question->id),
        shown($question->generalfeedback, $where, 'generalfeedback', $question->id),
    ];
    foreach ($question->stems ?? [] as $id => $stem) {
        $texts[] = shown($stem, $where, 'subquestion', $id, 'qtype_match');
    }
    foreach ($question->answers ?? [] as $answer) {
        $texts[] = shown($answer->answer, $where, 'answer', $answer->id);
        $texts[] = shown($answer->feedback, $where, 'answerfeedback', $answer->id);
    }
    return $texts;
}

/** The names of a category and of all above it, from the top. */
function path(int $id): array {
    global $DB;
    $names = [];
    while ($id) {
        $category = $DB->get_record('question_categories', ['id' => $id], 'name, parent', MUST_EXIST);
        array_unshift($names, $category->name);
        $id = (int) $category->parent;
    }
    return $names;
}

/** What the tests want to know of questions; `$attempts` holds each one's responses. */
function asked(array $ids, array $attempts): array {
    return array_map(function (int $id, ?array $responses) {
        $question = question_bank::load_question($id);
        return [
            'name' => $question->name,
            'idnumber' => $question->idnumber,
            'category' => path($question->category),
            'points' => (float) $question->defaultmark,
            'texts' => texts($question),
            'rendered' => rendered($question),
            'shares' => shares($question, $responses ?? []),
        ];
    }, $ids, $attempts);
}

/** The questions as Moodle writes them into a file. */
function exported(stdClass $course, array $ids): string {
    $format = new qformat_xml();
    $format->setCourse($course);
    $format->setContexts([context_course::instance($course->id)]);
    $format->setCattofile(false);
    $format->setContexttofile(false);
    $format->setQuestions(array_map(fn($id) => question_bank::load_question_data($id), $ids));
    return $format->exportprocess(false);
}
