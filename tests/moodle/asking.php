<?php
// Questions in Moodle's question engine: their texts as they are shown, and the marks of responses to them.

/** The marks of responses to a question, each in an attempt of its own that is never stored. */
function marks(question_definition $question, array $responses): array {
    $usage = question_engine::make_questions_usage_by_activity('core_question_preview', context_system::instance());
    $usage->set_preferred_behaviour('deferredfeedback');
    return array_map(function (?array $response) use ($usage, $question) {
        $slot = $usage->add_question($question, $question->defaultmark);
        $usage->start_question($slot);
        $usage->process_action($slot, $response ?? $question->get_correct_response());
        $usage->finish_question($slot);
        return $usage->get_question_mark($slot);
    }, $responses);
}

/** A text as it is kept, as students see it, and as a site shows it that cleans what teachers write. */
function shown(string $text, int $contextid, string $area, int $item): array {
    $linked = file_rewrite_pluginfile_urls($text, 'pluginfile.php', $contextid, 'question', $area, $item);
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
    foreach ($question->answers ?? [] as $answer) {
        $texts[] = shown($answer->answer, $where, 'answer', $answer->id);
        $texts[] = shown($answer->feedback, $where, 'answerfeedback', $answer->id);
    }
    return $texts;
}

/** What the tests want to know of questions; `$attempts` holds responses by id number. */
function asked(array $ids, array $attempts): array {
    global $DB;
    return array_map(function ($id) use ($DB, $attempts) {
        $question = question_bank::load_question($id);
        return [
            'name' => $question->name,
            'idnumber' => $question->idnumber,
            'category' => $DB->get_field('question_categories', 'name', ['id' => $question->category]),
            'texts' => texts($question),
            'marks' => marks($question, $attempts[$question->idnumber] ?? []),
        ];
    }, $ids);
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
